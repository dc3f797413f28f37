/** What to do first, ready to paste. `url` is where the service listens; secured, a token is taken from `$TOKEN`. */
export function greeting(url: string, dataPath: string, isSecured: boolean): string {
  const header = isSecured ? ' -H "authorization: Bearer $TOKEN"' : '';
  return `
Dronecast is running; its data is in ${dataPath}

  Dashboard   ${url}
  API         ${url}/api/v1/drones
  API docs    ${url}/docs
  WebSocket   ${url.replace(/^http/, 'ws')}/ws/events

Register a drone:

  curl -X POST ${url}/api/v1/drones/register${header} -H "content-type: application/json" -d '{"deviceSerialNumber":"DRN-0042","deviceName":"Harbour 1","deviceCategory":"DRONE"}'

Follow it in a second terminal (Ctrl-C ends it):

  npx wscat${header} -c "${url.replace(/^http/, 'ws')}/ws/events?sn=DRN-0042"

Then change it, and see the frames:

  curl -X PATCH ${url}/api/v1/drones/sn/DRN-0042${header} -H "content-type: application/json" -d '{"streamIsOn":true}'
`;
}
