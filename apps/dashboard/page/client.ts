export * from '@dronecast/client';
