//#region src/cursor-store.d.ts
/** Keeps a client's place, so that it goes on where it was after a restart. One store per client. */
interface CursorStore {
  load(): string | undefined | Promise<string | undefined>;
  /** Called after the events up to this place have been read. */
  save(cursor: string): void | Promise<void>;
}
/** In the browser's localStorage. */
declare const localStorageCursor: (key: string) => CursorStore;
//#endregion
//#region src/schema.d.ts
interface paths {
  "/api/v1/drones/": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    }; /** List drones in order of serial number */
    get: {
      parameters: {
        query?: {
          /**
           * @description DRONE, BODY CAM or CCTV, in any case
           * @example DRONE
           */
          category?: string; /** @description `nextCursor` of the page before */
          cursor?: string; /** @description true or false */
          isUsingAiDetection?: boolean; /** @description a whole number from 1 to 1000 */
          limit?: number; /** @description the start of a serial number, name or alias, in any case */
          q?: string; /** @description true or false */
          streamIsOn?: boolean;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drones: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                }[];
              }; /** @description present when there is more */
              nextCursor?: string; /** @description number of items on this page */
              results: number; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/drones/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    }; /** Read a drone, its stream password included */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description 24 hex digits */id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drone: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Default Response */
        304: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never; /** Delete a drone; its incidents stay */
    delete: {
      parameters: {
        query?: never;
        header?: {
          "if-match"?: string;
        };
        path: {
          /** @description 24 hex digits */id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    options?: never;
    head?: never; /** Change a drone by JSON merge patch (RFC 7396) */
    patch: {
      parameters: {
        query?: never;
        header?: {
          "if-match"?: string;
        };
        path: {
          /** @description 24 hex digits */id: string;
        };
        cookie?: never;
      }; /** @description a JSON object */
      requestBody: {
        content: {
          "application/json": {
            /** @description left out: it cannot be changed */_id?: unknown; /** @description an array of at most 100 strings, or null for the default */
            cameras?: string[] | null; /** @description left out: it cannot be changed */
            createdAt?: unknown; /** @description unique COCO class ids, 0-79, or null for the default */
            detectionClasses?: number[] | null;
            /**
             * @description DRONE, BODY CAM or CCTV, in any case
             * @example DRONE
             */
            deviceCategory?: string; /** @description a string of 1-200 characters that is not blank */
            deviceName?: string; /** @description left out: it cannot be changed */
            deviceSerialNumber?: unknown; /** @description left out: it cannot be changed */
            id?: unknown; /** @description left out: incidents have their own route */
            incidents?: unknown; /** @description true or false, or null for the default */
            isUsingAiDetection?: boolean | null; /** @description an object {alias, description}, or null for the default */
            metadata?: {
              /** @description a string of at most 200 characters, or null for the default */alias?: string | null; /** @description a string of at most 2000 characters, or null for the default */
              description?: string | null;
            } | null; /** @description left out: it cannot be changed */
            revision?: unknown; /** @description an object {userName, password, port}, or null for the default */
            streamCredentials?: {
              /** @description a string of at most 200 characters, or null for the default */password?: string | null; /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
              port?: (number | string) | null; /** @description a string of at most 200 characters, or null for the default */
              userName?: string | null;
            } | null; /** @description true or false, or null for the default */
            streamIsOn?: boolean | null; /** @description a string of at most 2048 characters, or null for the default */
            streamUrl?: string | null; /** @description left out: it cannot be changed */
            updatedAt?: unknown; /** @description a string of at most 2048 characters, or null for the default */
            webRTCUrl?: string | null;
          };
          "application/merge-patch+json": {
            /** @description left out: it cannot be changed */_id?: unknown; /** @description an array of at most 100 strings, or null for the default */
            cameras?: string[] | null; /** @description left out: it cannot be changed */
            createdAt?: unknown; /** @description unique COCO class ids, 0-79, or null for the default */
            detectionClasses?: number[] | null;
            /**
             * @description DRONE, BODY CAM or CCTV, in any case
             * @example DRONE
             */
            deviceCategory?: string; /** @description a string of 1-200 characters that is not blank */
            deviceName?: string; /** @description left out: it cannot be changed */
            deviceSerialNumber?: unknown; /** @description left out: it cannot be changed */
            id?: unknown; /** @description left out: incidents have their own route */
            incidents?: unknown; /** @description true or false, or null for the default */
            isUsingAiDetection?: boolean | null; /** @description an object {alias, description}, or null for the default */
            metadata?: {
              /** @description a string of at most 200 characters, or null for the default */alias?: string | null; /** @description a string of at most 2000 characters, or null for the default */
              description?: string | null;
            } | null; /** @description left out: it cannot be changed */
            revision?: unknown; /** @description an object {userName, password, port}, or null for the default */
            streamCredentials?: {
              /** @description a string of at most 200 characters, or null for the default */password?: string | null; /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
              port?: (number | string) | null; /** @description a string of at most 200 characters, or null for the default */
              userName?: string | null;
            } | null; /** @description true or false, or null for the default */
            streamIsOn?: boolean | null; /** @description a string of at most 2048 characters, or null for the default */
            streamUrl?: string | null; /** @description left out: it cannot be changed */
            updatedAt?: unknown; /** @description a string of at most 2048 characters, or null for the default */
            webRTCUrl?: string | null;
          };
        };
      };
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drone: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    trace?: never;
  };
  "/api/v1/drones/register": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never; /** Register a drone */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      }; /** @description a JSON object */
      requestBody: {
        content: {
          "application/json": {
            /** @description an array of at most 100 strings, or null for the default */cameras?: string[] | null; /** @description unique COCO class ids, 0-79, or null for the default */
            detectionClasses?: number[] | null;
            /**
             * @description DRONE, BODY CAM or CCTV, in any case
             * @example DRONE
             */
            deviceCategory: string; /** @description a string of 1-200 characters that is not blank */
            deviceName: string;
            /**
             * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
             * @example DRN-0042
             */
            deviceSerialNumber: string; /** @description true or false, or null for the default */
            isUsingAiDetection?: boolean | null; /** @description an object {alias, description}, or null for the default */
            metadata?: {
              /** @description a string of at most 200 characters, or null for the default */alias?: string | null; /** @description a string of at most 2000 characters, or null for the default */
              description?: string | null;
            } | null; /** @description an object {userName, password, port}, or null for the default */
            streamCredentials?: {
              /** @description a string of at most 200 characters, or null for the default */password?: string | null; /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
              port?: (number | string) | null; /** @description a string of at most 200 characters, or null for the default */
              userName?: string | null;
            } | null; /** @description true or false, or null for the default */
            streamIsOn?: boolean | null; /** @description a string of at most 2048 characters, or null for the default */
            streamUrl?: string | null; /** @description a string of at most 2048 characters, or null for the default */
            webRTCUrl?: string | null;
          };
        };
      };
      responses: {
        /** @description Default Response */201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drone: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        409: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/drones/sn/{sn}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    }; /** Read a drone, its stream password included */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drone: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Default Response */
        304: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never; /** Delete a drone; its incidents stay */
    delete: {
      parameters: {
        query?: never;
        header?: {
          "if-match"?: string;
        };
        path: {
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    options?: never;
    head?: never; /** Change a drone by JSON merge patch (RFC 7396) */
    patch: {
      parameters: {
        query?: never;
        header?: {
          "if-match"?: string;
        };
        path: {
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn: string;
        };
        cookie?: never;
      }; /** @description a JSON object */
      requestBody: {
        content: {
          "application/json": {
            /** @description left out: it cannot be changed */_id?: unknown; /** @description an array of at most 100 strings, or null for the default */
            cameras?: string[] | null; /** @description left out: it cannot be changed */
            createdAt?: unknown; /** @description unique COCO class ids, 0-79, or null for the default */
            detectionClasses?: number[] | null;
            /**
             * @description DRONE, BODY CAM or CCTV, in any case
             * @example DRONE
             */
            deviceCategory?: string; /** @description a string of 1-200 characters that is not blank */
            deviceName?: string; /** @description left out: it cannot be changed */
            deviceSerialNumber?: unknown; /** @description left out: it cannot be changed */
            id?: unknown; /** @description left out: incidents have their own route */
            incidents?: unknown; /** @description true or false, or null for the default */
            isUsingAiDetection?: boolean | null; /** @description an object {alias, description}, or null for the default */
            metadata?: {
              /** @description a string of at most 200 characters, or null for the default */alias?: string | null; /** @description a string of at most 2000 characters, or null for the default */
              description?: string | null;
            } | null; /** @description left out: it cannot be changed */
            revision?: unknown; /** @description an object {userName, password, port}, or null for the default */
            streamCredentials?: {
              /** @description a string of at most 200 characters, or null for the default */password?: string | null; /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
              port?: (number | string) | null; /** @description a string of at most 200 characters, or null for the default */
              userName?: string | null;
            } | null; /** @description true or false, or null for the default */
            streamIsOn?: boolean | null; /** @description a string of at most 2048 characters, or null for the default */
            streamUrl?: string | null; /** @description left out: it cannot be changed */
            updatedAt?: unknown; /** @description a string of at most 2048 characters, or null for the default */
            webRTCUrl?: string | null;
          };
          "application/merge-patch+json": {
            /** @description left out: it cannot be changed */_id?: unknown; /** @description an array of at most 100 strings, or null for the default */
            cameras?: string[] | null; /** @description left out: it cannot be changed */
            createdAt?: unknown; /** @description unique COCO class ids, 0-79, or null for the default */
            detectionClasses?: number[] | null;
            /**
             * @description DRONE, BODY CAM or CCTV, in any case
             * @example DRONE
             */
            deviceCategory?: string; /** @description a string of 1-200 characters that is not blank */
            deviceName?: string; /** @description left out: it cannot be changed */
            deviceSerialNumber?: unknown; /** @description left out: it cannot be changed */
            id?: unknown; /** @description left out: incidents have their own route */
            incidents?: unknown; /** @description true or false, or null for the default */
            isUsingAiDetection?: boolean | null; /** @description an object {alias, description}, or null for the default */
            metadata?: {
              /** @description a string of at most 200 characters, or null for the default */alias?: string | null; /** @description a string of at most 2000 characters, or null for the default */
              description?: string | null;
            } | null; /** @description left out: it cannot be changed */
            revision?: unknown; /** @description an object {userName, password, port}, or null for the default */
            streamCredentials?: {
              /** @description a string of at most 200 characters, or null for the default */password?: string | null; /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
              port?: (number | string) | null; /** @description a string of at most 200 characters, or null for the default */
              userName?: string | null;
            } | null; /** @description true or false, or null for the default */
            streamIsOn?: boolean | null; /** @description a string of at most 2048 characters, or null for the default */
            streamUrl?: string | null; /** @description left out: it cannot be changed */
            updatedAt?: unknown; /** @description a string of at most 2048 characters, or null for the default */
            webRTCUrl?: string | null;
          };
        };
      };
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                drone: {
                  /** @description 24 hex digits */_id: string;
                  cameras: string[]; /** Format: date-time */
                  createdAt: string; /** @description unique COCO class ids, 0-79 */
                  detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
                  deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                  deviceName: string;
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  deviceSerialNumber: string; /** @description 24 hex digits */
                  id: string;
                  isUsingAiDetection: boolean;
                  metadata: {
                    alias: string;
                    description: string;
                  }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                  revision: number;
                  streamCredentials: {
                    password?: string; /** @description TCP port as text */
                    port: string;
                    userName: string;
                  };
                  streamIsOn: boolean;
                  streamUrl: string; /** Format: date-time */
                  updatedAt: string;
                  webRTCUrl: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        412: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    trace?: never;
  };
  "/api/v1/drones/sn/{sn}/incidents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    }; /** Incidents of one drone, newest first; also after the drone is deleted */
    get: {
      parameters: {
        query?: {
          /** @description a COCO class id, 0-79 */classId?: number; /** @description `nextCursor` of the page before */
          cursor?: string; /** @description an RFC 3339 date and time */
          from?: string; /** @description a whole number from 1 to 1000 */
          limit?: number; /** @description an RFC 3339 date and time */
          to?: string;
        };
        header?: never;
        path: {
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                incidents: {
                  /**
                   * Format: date-time
                   * @description by the detector; else the time of receipt
                   */
                  capturedAt: string; /** @description a COCO class id, 0-79 */
                  classId?: number;
                  confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                  coordinates?: {
                    coordinates: [number, number]; /** @enum {string} */
                    type: "Point";
                  }; /** Format: date-time */
                  createdAt: string; /** @description 24 hex digits */
                  id: string;
                  imageUrl: string;
                  label?: string; /** @description [x, y, width, height] in pixels */
                  objectBBox: [number, number, number, number];
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  serialNumber: string;
                }[];
              }; /** @description present when there is more */
              nextCursor?: string; /** @description number of items on this page */
              results: number; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    put?: never; /** Report what a detector saw */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** @description 1-255 characters that name this report for its retries */"idempotency-key"?: string;
        };
        path: {
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn: string;
        };
        cookie?: never;
      }; /** @description a JSON object */
      requestBody: {
        content: {
          "application/json": {
            /**
             * Format: date-time
             * @description an RFC 3339 date and time
             */
            capturedAt?: string; /** @description a COCO class id, 0-79 */
            classId?: number; /** @description a number from 0 to 1 */
            confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
            coordinates?: {
              coordinates: [number, number]; /** @enum {string} */
              type: "Point";
            };
            /**
             * Format: uri
             * @description an http or https URL
             */
            imageUrl: string; /** @description a string of at most 200 characters */
            label?: string; /** @description [x, y, width, height] in pixels */
            objectBBox: [number, number, number, number];
          };
        };
      };
      responses: {
        /** @description Default Response */201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                incident: {
                  /**
                   * Format: date-time
                   * @description by the detector; else the time of receipt
                   */
                  capturedAt: string; /** @description a COCO class id, 0-79 */
                  classId?: number;
                  confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                  coordinates?: {
                    coordinates: [number, number]; /** @enum {string} */
                    type: "Point";
                  }; /** Format: date-time */
                  createdAt: string; /** @description 24 hex digits */
                  id: string;
                  imageUrl: string;
                  label?: string; /** @description [x, y, width, height] in pixels */
                  objectBBox: [number, number, number, number];
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  serialNumber: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        404: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/incidents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    }; /** Incidents of the fleet, newest first */
    get: {
      parameters: {
        query?: {
          /** @description a COCO class id, 0-79 */classId?: number; /** @description `nextCursor` of the page before */
          cursor?: string; /** @description an RFC 3339 date and time */
          from?: string; /** @description a whole number from 1 to 1000 */
          limit?: number;
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          sn?: string; /** @description an RFC 3339 date and time */
          to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                incidents: {
                  /**
                   * Format: date-time
                   * @description by the detector; else the time of receipt
                   */
                  capturedAt: string; /** @description a COCO class id, 0-79 */
                  classId?: number;
                  confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                  coordinates?: {
                    coordinates: [number, number]; /** @enum {string} */
                    type: "Point";
                  }; /** Format: date-time */
                  createdAt: string; /** @description 24 hex digits */
                  id: string;
                  imageUrl: string;
                  label?: string; /** @description [x, y, width, height] in pixels */
                  objectBBox: [number, number, number, number];
                  /**
                   * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
                   * @example DRN-0042
                   */
                  serialNumber: string;
                }[];
              }; /** @description present when there is more */
              nextCursor?: string; /** @description number of items on this page */
              results: number; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/system/broadcast": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never; /** Announce something to every client */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @description a JSON object */data?: {
              [key: string]: unknown;
            }; /** @description info, warning, error, critical */
            level: "info" | "warning" | "error" | "critical"; /** @description 1-4096 characters, not blank */
            message: string;
          };
        };
      };
      responses: {
        /** @description Default Response */202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              data: {
                broadcast: {
                  /** @description a JSON object */data?: {
                    [key: string]: unknown;
                  }; /** @description info, warning, error, critical */
                  level: "info" | "warning" | "error" | "critical"; /** @description 1-4096 characters, not blank */
                  message: string;
                };
              }; /** @enum {string} */
              status: "success";
            };
          };
        }; /** @description Problem details (RFC 9457) */
        400: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        }; /** @description Problem details (RFC 9457) */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": {
              /** @description stable; for programs */code: string; /** @description for people */
              detail: string;
              errors?: {
                message: string;
                pointer: string;
              }[];
              requestId: string;
              status: number;
              title: string;
              type: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health/live": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              status: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health/ready": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              backlog?: {
                /** @description drones with events that the bus does not have yet */drones: number; /** @description milliseconds */
                oldestAgeMs: number;
              }; /** @description what is away */
              missing: string[]; /** @description ready, degraded (the bus is away: writes go on), unavailable or draining */
              status: string;
            };
          };
        }; /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              backlog?: {
                /** @description drones with events that the bus does not have yet */drones: number; /** @description milliseconds */
                oldestAgeMs: number;
              }; /** @description what is away */
              missing: string[]; /** @description ready, degraded (the bus is away: writes go on), unavailable or draining */
              status: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
interface components {
  schemas: {
    Drone: {
      cameras: string[]; /** Format: date-time */
      createdAt: string; /** @description unique COCO class ids, 0-79 */
      detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
      deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
      deviceName: string;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      deviceSerialNumber: string; /** @description 24 hex digits */
      id: string;
      isUsingAiDetection: boolean;
      metadata: {
        alias: string;
        description: string;
      }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      streamIsOn: boolean;
      streamUrl: string; /** Format: date-time */
      updatedAt: string;
      webRTCUrl: string;
    };
    "drone.ai.detection.toggled": {
      /** @example drone:DRN-0042:ai */channel: string;
      data: {
        /** @description unique COCO class ids, 0-79 */detectionClasses: number[]; /** @description 24 hex digits */
        droneId: string;
        isUsingAiDetection: boolean;
        previousStatus: boolean;
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.ai.detection.toggled"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.created": {
      /** @example drone:DRN-0042:created */channel: string;
      data: {
        /** @description 24 hex digits */droneId: string;
        full: {
          cameras: string[]; /** Format: date-time */
          createdAt: string; /** @description unique COCO class ids, 0-79 */
          detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
          deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
          deviceName: string;
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          deviceSerialNumber: string; /** @description 24 hex digits */
          id: string;
          isUsingAiDetection: boolean;
          metadata: {
            alias: string;
            description: string;
          }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
          revision: number;
          streamIsOn: boolean;
          streamUrl: string; /** Format: date-time */
          updatedAt: string;
          webRTCUrl: string;
        };
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.created"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.deleted": {
      /** @example drone:DRN-0042:deleted */channel: string;
      data: {
        /** @description 24 hex digits */droneId: string;
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.deleted"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.detection.classes.changed": {
      /** @example drone:DRN-0042:config */channel: string;
      data: {
        /** @description unique COCO class ids, 0-79 */detectionClasses: number[]; /** @description 24 hex digits */
        droneId: string; /** @description unique COCO class ids, 0-79 */
        previousClasses: number[];
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.detection.classes.changed"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.incident.detected": {
      /** @example drone:DRN-0042:incident */channel: string;
      data: {
        /** @description 24 hex digits */droneId: string;
        incident: {
          /**
           * Format: date-time
           * @description by the detector; else the time of receipt
           */
          capturedAt: string; /** @description a COCO class id, 0-79 */
          classId?: number;
          confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
          coordinates?: {
            coordinates: [number, number]; /** @constant */
            type: "Point";
          }; /** Format: date-time */
          createdAt: string; /** @description 24 hex digits */
          id: string;
          imageUrl: string;
          label?: string; /** @description [x, y, width, height] in pixels */
          objectBBox: [number, number, number, number];
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          serialNumber: string;
        };
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.incident.detected"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.stream.status": {
      /** @example drone:DRN-0042:stream */channel: string;
      data: {
        /** @description 24 hex digits */droneId: string;
        previousStatus: boolean;
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
        streamIsOn: boolean;
        streamUrl: string;
      }; /** @constant */
      event: "drone.stream.status"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    "drone.updated": {
      /** @example drone:DRN-0042:updated */channel: string;
      data: {
        changes: {
          cameras?: string[]; /** @description unique COCO class ids, 0-79 */
          detectionClasses?: number[]; /** @description DRONE, BODY CAM or CCTV */
          deviceCategory?: "DRONE" | "BODY CAM" | "CCTV";
          deviceName?: string;
          isUsingAiDetection?: boolean;
          metadata?: {
            alias?: string;
            description?: string;
          }; /** @constant */
          streamCredentials?: "[redacted]";
          streamIsOn?: boolean;
          streamUrl?: string;
          webRTCUrl?: string;
        }; /** @description 24 hex digits */
        droneId: string;
        full: {
          cameras: string[]; /** Format: date-time */
          createdAt: string; /** @description unique COCO class ids, 0-79 */
          detectionClasses: number[]; /** @description DRONE, BODY CAM or CCTV */
          deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
          deviceName: string;
          /**
           * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
           * @example DRN-0042
           */
          deviceSerialNumber: string; /** @description 24 hex digits */
          id: string;
          isUsingAiDetection: boolean;
          metadata: {
            alias: string;
            description: string;
          }; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
          revision: number;
          streamIsOn: boolean;
          streamUrl: string; /** Format: date-time */
          updatedAt: string;
          webRTCUrl: string;
        };
        previous: {
          cameras?: string[]; /** @description unique COCO class ids, 0-79 */
          detectionClasses?: number[]; /** @description DRONE, BODY CAM or CCTV */
          deviceCategory?: "DRONE" | "BODY CAM" | "CCTV";
          deviceName?: string;
          isUsingAiDetection?: boolean;
          metadata?: {
            alias?: string;
            description?: string;
          }; /** @constant */
          streamCredentials?: "[redacted]";
          streamIsOn?: boolean;
          streamUrl?: string;
          webRTCUrl?: string;
        };
        /**
         * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
         * @example DRN-0042
         */
        serialNumber: string;
      }; /** @constant */
      event: "drone.updated"; /** @description opaque cursor of this event */
      id: string; /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
      revision: number;
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "drone:event";
    };
    Incident: {
      /**
       * Format: date-time
       * @description by the detector; else the time of receipt
       */
      capturedAt: string; /** @description a COCO class id, 0-79 */
      classId?: number;
      confidence?: number; /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
      coordinates?: {
        coordinates: [number, number]; /** @constant */
        type: "Point";
      }; /** Format: date-time */
      createdAt: string; /** @description 24 hex digits */
      id: string;
      imageUrl: string;
      label?: string; /** @description [x, y, width, height] in pixels */
      objectBBox: [number, number, number, number];
      /**
       * @description 1-64 letters, digits, '.', '_' or '-', starting with a letter or digit; 'all' is reserved
       * @example DRN-0042
       */
      serialNumber: string;
    };
    Kind: "created" | "updated" | "deleted" | "stream" | "ai" | "config" | "incident" | "system";
    RelayFrame: {
      data: {
        clientId: string; /** @description opaque; hand it back as `since` */
        cursor: string; /** @description milliseconds between two heartbeats */
        heartbeatMs: number;
        resumed: boolean;
      }; /** @constant */
      event: "relay.connected"; /** @constant */
      type: "relay";
    } | {
      data: {
        /** @description opaque; hand it back as `since` */cursor: string; /** @description event kinds; empty = all */
        events: ("created" | "updated" | "deleted" | "stream" | "ai" | "config" | "incident" | "system")[]; /** @description serials and `abc*` prefixes; empty = all */
        sn: string[];
      }; /** @constant */
      event: "relay.subscribed"; /** @constant */
      type: "relay";
    } | {
      data: {
        /** @description opaque; hand it back as `since` */cursor: string;
      }; /** @constant */
      event: "relay.heartbeat"; /** @constant */
      type: "relay";
    } | {
      data: {
        /** @description opaque; hand it back as `since` */cursor: string;
      }; /** @constant */
      event: "relay.pong"; /** @constant */
      type: "relay";
    } | {
      data: {
        /** @description opaque; hand it back as `since` */cursor: string;
        reason: string;
      }; /** @constant */
      event: "relay.gap"; /** @constant */
      type: "relay";
    } | {
      data: {
        retryAfterMs: number;
      }; /** @constant */
      event: "relay.draining"; /** @constant */
      type: "relay";
    } | {
      data: {
        code: "malformed_json" | "invalid_action" | "invalid_filter";
        message: string;
      }; /** @constant */
      event: "relay.error"; /** @constant */
      type: "relay";
    };
    "system.broadcast": {
      /** @constant */channel: "system:broadcast";
      data: {
        /** @description a JSON object */data?: {
          [key: string]: unknown;
        }; /** @description info, warning, error, critical */
        level: "info" | "warning" | "error" | "critical"; /** @description 1-4096 characters, not blank */
        message: string;
      }; /** @constant */
      event: "system.broadcast"; /** @description opaque cursor of this event */
      id: string;
      /**
       * Format: date-time
       * @description the commit's time
       */
      timestamp: string; /** @constant */
      type: "system:event";
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
//#endregion
//#region src/frames.d.ts
type Schemas = components['schemas'];
type EventName = Exclude<{ [N in keyof Schemas]: N extends `drone.${string}` ? N : never }[keyof Schemas], never> | 'system.broadcast';
/** The event of a name. */
type EventOf<N extends EventName> = Schemas[N];
/** A committed change, incident or broadcast, as the relay hands it on. */
type DronecastEvent = { [N in EventName]: EventOf<N> }[EventName];
/** A drone without its credentials, as events carry it. */
type Drone = Schemas['Drone'];
type Incident = Schemas['Incident'];
/** What a connection may be asked for. */
type Kind = Schemas['Kind'];
/** What the relay says about the connection itself. */
type RelayFrame = Schemas['RelayFrame'];
type RelayFrameOf<N extends RelayFrame['event']> = Extract<RelayFrame, {
  event: N;
}>;
/** Events may have been missed: read again by REST what matters. */
type Gap = RelayFrameOf<'relay.gap'>;
/** What another program published on the bus; at most once, and never resumed. */
interface ForeignEvent {
  readonly type: 'drone:event' | 'system:event';
  readonly channel: string;
  readonly serialNumber?: string;
  readonly foreign: true;
  readonly data: Readonly<Record<string, unknown>>;
}
/** What a reader gets, in order. */
type Item = DronecastEvent | ForeignEvent | Gap;
declare const isForeign: (item: Item) => item is ForeignEvent;
declare const isGap: (item: Item) => item is Gap;
//#endregion
//#region src/filter.d.ts
/** What a client follows. No `sn`, or no `events`: everything. An empty `sn`: no drone. */
interface Filter {
  readonly sn?: readonly string[];
  readonly events?: readonly Kind[];
}
//#endregion
//#region src/transport.d.ts
/** How events can be had, the best first. */
declare const TRANSPORTS: readonly ["ws", "sse", "poll"];
type TransportName = (typeof TRANSPORTS)[number];
//#endregion
//#region src/status.d.ts
/**
 * How the connection stands. `connecting`, or `resuming` with a cursor; `live`: events come; `offline`: it waits and
 * tries again; `closed`: over, by `close()` or, with an error, because the relay will not have the client.
 */
type Status = {
  readonly state: 'connecting' | 'resuming' | 'live';
  readonly transport: TransportName;
} | {
  readonly state: 'offline';
  readonly error: Error;
  readonly retryInMs: number;
} | {
  readonly state: 'closed';
  readonly error?: Error;
};
//#endregion
//#region ../../node_modules/.pnpm/openapi-typescript-helpers@0.1.0/node_modules/openapi-typescript-helpers/dist/index.d.mts
type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";
type OkStatus = 200 | 201 | 202 | 203 | 204 | 206 | 207 | "2XX";
type ErrorStatus = 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511 | '5XX' | 400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415 | 416 | 417 | 418 | 420 | 421 | 422 | 423 | 424 | 425 | 426 | 427 | 428 | 429 | 430 | 431 | 444 | 450 | 451 | 497 | 498 | 499 | '4XX' | "default";
type PathsWithMethod<Paths extends {}, PathnameMethod extends HttpMethod> = { [Pathname in keyof Paths]: Paths[Pathname] extends { [K in PathnameMethod]: any } ? Pathname : never }[keyof Paths];
type ResponseObjectMap<T> = T extends {
  responses: any;
} ? T["responses"] : unknown;
type ResponseContent<T> = T extends {
  content: any;
} ? T["content"] : unknown;
type OperationRequestBody<T> = "requestBody" extends keyof T ? T["requestBody"] : never;
type PickRequestBody<T> = "requestBody" extends keyof T ? Pick<T, "requestBody"> : never;
type IsOperationRequestBodyOptional<T> = RequiredKeysOf<PickRequestBody<T>> extends never ? true : false;
type OperationRequestBodyMediaContent<T> = IsOperationRequestBodyOptional<T> extends true ? ResponseContent<NonNullable<OperationRequestBody<T>>> | undefined : ResponseContent<OperationRequestBody<T>>;
type OperationRequestBodyContent<T> = FilterKeys<OperationRequestBodyMediaContent<T>, MediaType> extends never ? FilterKeys<NonNullable<OperationRequestBodyMediaContent<T>>, MediaType> | undefined : FilterKeys<OperationRequestBodyMediaContent<T>, MediaType>;
type SuccessResponse<T extends Record<string | number, any>, Media extends MediaType = MediaType> = GetResponseContent<T, Media, OkStatus>;
type GetResponseContent<T extends Record<string | number, any>, Media extends MediaType = MediaType, ResponseCode extends keyof T = keyof T> = ResponseCode extends keyof T ? { [K in ResponseCode]: T[K]["content"] extends Record<string, any> ? FilterKeys<T[K]["content"], Media> extends never ? T[K]["content"] : FilterKeys<T[K]["content"], Media> : K extends keyof T ? T[K]["content"] : never }[ResponseCode] : never;
type ErrorResponse<T extends Record<string | number, any>, Media extends MediaType = MediaType> = GetResponseContent<T, Media, ErrorStatus>;
type FilterKeys<Obj, Matchers> = Obj[keyof Obj & Matchers];
type MediaType = `${string}/${string}`;
type RequiredKeysOfHelper<T> = { [K in keyof T]: {} extends Pick<T, K> ? never : K }[keyof T];
type RequiredKeysOf<T> = RequiredKeysOfHelper<T> extends undefined ? never : RequiredKeysOfHelper<T>;
type $Read<T> = {
  readonly $read: T;
};
type $Write<T> = {
  readonly $write: T;
};
type Readable<T> = T extends $Write<any> ? never : T extends $Read<infer U> ? Readable<U> : T extends (infer E)[] ? Readable<E>[] : T extends object ? { [K in keyof T as NonNullable<T[K]> extends $Write<any> ? never : K]: Readable<T[K]> } : T;
type Writable<T> = T extends $Read<any> ? never : T extends $Write<infer U> ? Writable<U> : T extends (infer E)[] ? Writable<E>[] : T extends object ? { [K in keyof T as NonNullable<T[K]> extends $Read<any> ? never : K]: Writable<T[K]> } & { [K in keyof T as NonNullable<T[K]> extends $Read<any> ? K : never]?: never } : T;
//#endregion
//#region ../../node_modules/.pnpm/openapi-fetch@0.17.0/node_modules/openapi-fetch/dist/index.d.mts
/** Options for each client instance */
interface ClientOptions extends Omit<RequestInit, "headers"> {
  /** set the common root URL for all API requests */
  baseUrl?: string;
  /** custom fetch (defaults to globalThis.fetch) */
  fetch?: (input: Request) => Promise<Response>;
  /** custom Request (defaults to globalThis.Request) */
  Request?: typeof Request;
  /** global querySerializer */
  querySerializer?: QuerySerializer<unknown> | QuerySerializerOptions;
  /** global bodySerializer */
  bodySerializer?: BodySerializer<unknown>;
  /** global pathSerializer */
  pathSerializer?: PathSerializer;
  headers?: HeadersOptions;
  /** RequestInit extension object to pass as 2nd argument to fetch when supported (defaults to undefined) */
  requestInitExt?: Record<string, unknown>;
}
type HeadersOptions = Required<RequestInit>["headers"] | Record<string, string | number | boolean | (string | number | boolean)[] | null | undefined>;
type QuerySerializer<T> = (query: T extends {
  parameters: any;
} ? NonNullable<T["parameters"]["query"]> : Record<string, unknown>) => string;
/** @see https://swagger.io/docs/specification/serialization/#query */
type QuerySerializerOptions = {
  /** Set serialization for arrays. @see https://swagger.io/docs/specification/serialization/#query */array?: {
    /** default: "form" */style: "form" | "spaceDelimited" | "pipeDelimited"; /** default: true */
    explode: boolean;
  }; /** Set serialization for objects. @see https://swagger.io/docs/specification/serialization/#query */
  object?: {
    /** default: "deepObject" */style: "form" | "deepObject"; /** default: true */
    explode: boolean;
  };
  /**
   * The `allowReserved` keyword specifies whether the reserved characters
   * `:/?#[]@!$&'()*+,;=` in parameter values are allowed to be sent as they
   * are, or should be percent-encoded. By default, allowReserved is `false`,
   * and reserved characters are percent-encoded.
   * @see https://swagger.io/docs/specification/serialization/#query
   */
  allowReserved?: boolean;
};
type BodySerializer<T> = (body: OperationRequestBodyContent<T>) => any;
type PathSerializer = (pathname: string, pathParams: Record<string, unknown>) => string;
type BodyType<T = unknown> = {
  json: T;
  text: Awaited<ReturnType<Response["text"]>>;
  blob: Awaited<ReturnType<Response["blob"]>>;
  arrayBuffer: Awaited<ReturnType<Response["arrayBuffer"]>>;
  stream: Response["body"];
};
type ParseAs = keyof BodyType;
type ParseAsResponse<T, Options> = Options extends {
  parseAs: ParseAs;
} ? BodyType<T>[Options["parseAs"]] : T;
interface DefaultParamsOption {
  params?: {
    query?: Record<string, unknown>;
  };
}
type ParamsOption<T> = T extends {
  parameters: any;
} ? RequiredKeysOf<T["parameters"]> extends never ? {
  params?: T["parameters"];
} : {
  params: T["parameters"];
} : DefaultParamsOption; // Writable<T> strips $Read markers (readOnly properties excluded from request body)
type RequestBodyOption<T> = Writable<OperationRequestBodyContent<T>> extends never ? {
  body?: never;
} : IsOperationRequestBodyOptional<T> extends true ? {
  body?: Writable<OperationRequestBodyContent<T>>;
} : {
  body: Writable<OperationRequestBodyContent<T>>;
};
type FetchOptions<T> = RequestOptions<T> & Omit<RequestInit, "body" | "headers">; // Readable<T> strips $Write markers (writeOnly properties excluded from response)
type FetchResponse<T extends Record<string | number, any>, Options, Media extends MediaType> = {
  data: ParseAsResponse<Readable<SuccessResponse<ResponseObjectMap<T>, Media>>, Options>;
  error?: never;
  response: Response;
} | {
  data?: never;
  error: Readable<ErrorResponse<ResponseObjectMap<T>, Media>>;
  response: Response;
};
type RequestOptions<T> = ParamsOption<T> & RequestBodyOption<T> & {
  baseUrl?: string;
  querySerializer?: QuerySerializer<T> | QuerySerializerOptions;
  bodySerializer?: BodySerializer<T>;
  pathSerializer?: PathSerializer;
  parseAs?: ParseAs;
  fetch?: ClientOptions["fetch"];
  headers?: HeadersOptions;
  middleware?: Middleware[];
};
type MergedOptions<T = unknown> = {
  baseUrl: string;
  parseAs: ParseAs;
  querySerializer: QuerySerializer<T>;
  bodySerializer: BodySerializer<T>;
  pathSerializer: PathSerializer;
  fetch: typeof globalThis.fetch;
};
interface MiddlewareRequestParams {
  query?: Record<string, unknown>;
  header?: Record<string, unknown>;
  path?: Record<string, unknown>;
  cookie?: Record<string, unknown>;
}
interface MiddlewareCallbackParams {
  /** Current Request object */
  request: Request;
  /** The original OpenAPI schema path (including curly braces) */
  readonly schemaPath: string;
  /** OpenAPI parameters as provided from openapi-fetch */
  readonly params: MiddlewareRequestParams;
  /** Unique ID for this request */
  readonly id: string;
  /** createClient options (read-only) */
  readonly options: MergedOptions;
}
type MiddlewareOnRequest = (options: MiddlewareCallbackParams) => void | Request | Response | undefined | Promise<Request | Response | undefined | void>;
type MiddlewareOnResponse = (options: MiddlewareCallbackParams & {
  response: Response;
}) => void | Response | undefined | Promise<Response | undefined | void>;
type MiddlewareOnError = (options: MiddlewareCallbackParams & {
  error: unknown;
}) => void | Response | Error | Promise<void | Response | Error>;
type Middleware = {
  onRequest: MiddlewareOnRequest;
  onResponse?: MiddlewareOnResponse;
  onError?: MiddlewareOnError;
} | {
  onRequest?: MiddlewareOnRequest;
  onResponse: MiddlewareOnResponse;
  onError?: MiddlewareOnError;
} | {
  onRequest?: MiddlewareOnRequest;
  onResponse?: MiddlewareOnResponse;
  onError: MiddlewareOnError;
};
/** This type helper makes the 2nd function param required if params/requestBody are required; otherwise, optional */
type MaybeOptionalInit<Params, Location extends keyof Params> = RequiredKeysOf<FetchOptions<FilterKeys<Params, Location>>> extends never ? FetchOptions<FilterKeys<Params, Location>> | undefined : FetchOptions<FilterKeys<Params, Location>>; // The final init param to accept.
// - Determines if the param is optional or not.
// - Performs arbitrary [key: string] addition.
// Note: the addition MUST happen after all the inference happens (otherwise TS can’t infer if init is required or not).
type InitParam<Init> = RequiredKeysOf<Init> extends never ? [(Init & {
  [key: string]: unknown;
})?] : [Init & {
  [key: string]: unknown;
}];
type ClientMethod<Paths extends Record<string, Record<HttpMethod, {}>>, Method extends HttpMethod, Media extends MediaType> = <Path extends PathsWithMethod<Paths, Method>, Init extends MaybeOptionalInit<Paths[Path], Method>>(url: Path, ...init: InitParam<Init>) => Promise<FetchResponse<Paths[Path][Method], Init, Media>>;
type ClientRequestMethod<Paths extends Record<string, Record<HttpMethod, {}>>, Media extends MediaType> = <Method extends HttpMethod, Path extends PathsWithMethod<Paths, Method>, Init extends MaybeOptionalInit<Paths[Path], Method>>(method: Method, url: Path, ...init: InitParam<Init>) => Promise<FetchResponse<Paths[Path][Method], Init, Media>>;
interface Client$1<Paths extends {}, Media extends MediaType = MediaType> {
  request: ClientRequestMethod<Paths, Media>;
  /** Call a GET endpoint */
  GET: ClientMethod<Paths, "get", Media>;
  /** Call a PUT endpoint */
  PUT: ClientMethod<Paths, "put", Media>;
  /** Call a POST endpoint */
  POST: ClientMethod<Paths, "post", Media>;
  /** Call a DELETE endpoint */
  DELETE: ClientMethod<Paths, "delete", Media>;
  /** Call a OPTIONS endpoint */
  OPTIONS: ClientMethod<Paths, "options", Media>;
  /** Call a HEAD endpoint */
  HEAD: ClientMethod<Paths, "head", Media>;
  /** Call a PATCH endpoint */
  PATCH: ClientMethod<Paths, "patch", Media>;
  /** Call a TRACE endpoint */
  TRACE: ClientMethod<Paths, "trace", Media>;
  /** Register middleware */
  use(...middleware: Middleware[]): void;
  /** Unregister middleware */
  eject(...middleware: Middleware[]): void;
}
//#endregion
//#region src/api.d.ts
interface ApiOptions {
  /** Of the API. */
  readonly url: string | URL;
  /** Asked for a token before each call. */
  readonly token?: (() => Promise<string>) | undefined;
}
/** The REST API, typed by its OpenAPI document: `api.GET('/api/v1/drones/sn/{sn}', …)`. */
type Api = Client$1<paths>;
declare function createApi({
  url,
  token
}: ApiOptions): Api;
//#endregion
//#region src/watch.d.ts
/** One drone as it is now. */
interface Watch {
  /** Undefined while there is no such drone; false until the first answer is there, see `ready`. */
  readonly value: Drone | undefined;
  /** Resolves when `value` is right for the first time. Rejects when the API refuses. */
  readonly ready: Promise<void>;
  /** Calls the listener with the value now, once there is one, and with each new one. Returns what ends that. */
  subscribe(listener: (drone: Drone | undefined) => void): () => void;
  close(): void;
}
//#endregion
//#region src/client.d.ts
interface ConnectOptions {
  /** Of the relay, such as `https://relay.example.com`. */
  readonly url: string | URL;
  /** Of the REST API, which `watch` reads; default: `url`. */
  readonly api?: string | URL;
  /** Asked for a token before each connection. */
  readonly token?: () => Promise<string>;
  /** Serial numbers and prefixes (`abc*`), at most 100; default: every drone. */
  readonly sn?: string | readonly string[];
  /** Kinds of events; default: all, those of other publishers included. */
  readonly events?: readonly Kind[];
  /** `auto`, the default, takes the best that gets through. */
  readonly transport?: 'auto' | TransportName;
  /** Where the client's place outlives it; default: it starts in the present. */
  readonly cursor?: CursorStore;
}
/** What can be listened to, and with what a listener is called. */
type Listeners = { [N in EventName]: EventOf<N> } & {
  /** Any event of the API. */event: DronecastEvent; /** A message of another publisher. */
  foreign: ForeignEvent; /** Events may have been missed: what they would have told must be read by REST. */
  gap: Gap;
  status: Status; /** What went wrong without ending the connection: a filter that was refused, a cursor that could not be saved. */
  warning: Error;
};
/**
 * Follows a relay. Listen, or iterate, in the same turn in which it was made; what comes when nobody listens is nobody's.
 * An iteration gives events and gaps in their order, throws what `closed` resolves with, and, when it reads too slowly,
 * lets the connection go and resumes later.
 */
interface Client extends AsyncIterable<Item> {
  readonly status: Status;
  /** Resolves when the client is over; with an error when the relay refused it for good. */
  readonly closed: Promise<Error | undefined>;
  /** Returns what takes the listener off again. */
  on<N extends keyof Listeners>(name: N, listener: (value: Listeners[N]) => void): () => void;
  /** Follows more; what follows everything is narrowed to what is named. Naming nothing follows everything. */
  subscribe(more: Filter): void;
  /** Follows less; naming nothing follows no drone. Throws RangeError when no kind would be left. */
  unsubscribe(less: Filter): void;
  /** An always-right copy of a drone. Throws RangeError unless created, updated and deleted of it are followed. */
  watch(serialNumber: string): Watch;
  /** Resolves when the cursor is saved. */
  close(): Promise<void>;
}
//#endregion
//#region src/errors.d.ts
/** The relay will not have this client as it is: connecting again would change nothing. */
declare class RefusedError extends Error {
  /** HTTP status, or close code of the WebSocket. */
  readonly code: number;
  readonly name = "RefusedError";
  constructor(message: string, /** HTTP status, or close code of the WebSocket. */

  code: number);
}
/** A connection that could not be had or kept; the client goes on trying. */
declare class ConnectionError extends Error {
  readonly name = "ConnectionError";
}
/** The relay refused what was said, such as a filter that names drones of others; the connection stays. */
declare class RelayError extends Error {
  /** Code of `relay.error`. */
  readonly code: string;
  readonly name = "RelayError";
  constructor(message: string, /** Code of `relay.error`. */

  code: string);
}
//#endregion
export { isForeign as C, CursorStore as D, paths as E, localStorageCursor as O, Kind as S, components as T, EventOf as _, ConnectOptions as a, Incident as b, Api as c, Status as d, TransportName as f, EventName as g, DronecastEvent as h, Client as i, ApiOptions as l, Drone as m, RefusedError as n, Listeners as o, Filter as p, RelayError as r, Watch as s, ConnectionError as t, createApi as u, ForeignEvent as v, isGap as w, Item as x, Gap as y };