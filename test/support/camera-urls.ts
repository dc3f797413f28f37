const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwaWxvdCJ9.hush-hush_hush';

/** URLs in the forms that makers of cameras and servers publish. Each secret is between « and ». */
export const SECRET_URLS: readonly string[] = [
  // Hikvision
  'rtsp://«admin:hush»@192.168.1.64:554/Streaming/Channels/101?transportmode=unicast&profile=Profile_1',
  'http://192.168.1.64/onvif-http/snapshot?auth=«YWRtaW46MTIzNDU=»',
  // Dahua, Amcrest, Lorex
  'rtsp://«admin:hush»@192.168.1.108:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif',
  'rtsp://192.168.1.108:554/cam/realmonitor?channel=1&subtype=0&authbasic=«YWRtaW46aHVzaA==»',
  'http://«admin:hush»@192.168.1.108/cgi-bin/mjpg/video.cgi?channel=1&subtype=1',
  // Axis
  'rtsp://«root:hush»@axis-00408c.local/axis-media/media.amp?videocodec=h264&resolution=1280x720',
  // Foscam, VStarcam, EasyN
  'http://192.168.1.50:88/cgi-bin/CGIStream.cgi?cmd=GetMJStream&usr=«admin»&pwd=«hush»',
  'http://192.168.1.50/videostream.cgi?user=«admin»&pwd=«hush»&resolution=32&rate=0',
  'http://192.168.1.50:81/livestream.cgi?user=«admin»&pwd=«hush»&streamid=0&audio=1',
  'http://192.168.1.50:81/videostream.cgi?loginuse=«admin»&loginpas=«hush»',
  // ACTi
  'http://192.168.1.51/cgi-bin/encoder?USER=«Admin»&PWD=«hush»&SNAPSHOT',
  // Reolink
  'rtmp://192.168.1.60/bcs/channel0_main.bcs?channel=0&stream=0&user=«admin»&password=«hush»',
  'http://192.168.1.60/flv?port=1935&app=bcs&stream=channel0_main.bcs&user=«admin»&password=«hush»',
  'http://192.168.1.60/cgi-bin/api.cgi?cmd=Snap&channel=0&rs=a1&token=«hush7f3a»',
  'rtsp://«admin:hush»@192.168.1.60:554/h264Preview_01_main',
  // XMEye and those who sell it
  'rtsp://192.168.1.10:554/user=«admin»&password=«hush»&channel=1&stream=0.sdp?real_stream',
  'rtsp://192.168.1.10:554/user=«admin»&password=«hush»&channel=1/stream.sdp',
  'rtsp://192.168.1.10:554/user=«admin»_password=«tlJwpbo6»_channel=1_stream=0.sdp?real_stream',
  'rtsp://192.168.1.10:554/user=«admin»_password=_channel=1_stream=0.sdp',
  'rtsp://192.168.1.10:554/user=«admin»&password=«hu/sh»&channel=1&stream=0.sdp?',
  'rtsp://192.168.1.10:554/user=«admin»&password=«hu?sh»&channel=1&stream=0.sdp',
  'rtsp://192.168.1.10:554/user=«admin»&password=«hu@sh»&channel=1&stream=0.sdp',
  // TP-Link, Wyze, Ubiquiti
  'rtsp://«admin:hush»@192.168.1.70:554/stream1',
  'rtsp://«wyze:hush»@192.168.1.71/live',
  'http://192.168.1.71:8888/front/index.m3u8?api_key=«hush»',
  'http://192.168.1.72:7080/api/2.0/snapshot/camera/1a?force=true&apiKey=«hush»',
  // SRT
  'srt://ingest.example:9710?mode=caller&passphrase=«hush-hush-hush»&pbkeylen=16&latency=200',
  'srt://ingest.example:9710?streamid=«publish:cam1:pilot:hush»&mode=caller',
  'srt://ingest.example:9710?streamid=«#!::r=live/cam1,m=request,u=pilot,s=hush»&latency=200',
  'srt://ingest.example:9710?latency=200&streamid=«7»',
  // RTMP
  'rtmp://live.example/app/name?key=«live_1_hush»&x=1',
  'rtmp://live.example/app/name?streamKey=«hush»',
  'rtmp://live.example/app?txSecret=«0f1e2d»&txTime=5C2A3CFF',
  'rtmp://live.example/app pubUser=«pilot» pubPasswd=«hush» playpath=cam1',
  // Signed HLS
  'https://d1.cloudfront.example/live/index.m3u8?Expires=1767225600&Signature=«hush~-_»&Key-Pair-Id=K2X',
  'https://b.s3.example/i.m3u8?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=«AKIA/20260101/eu/s3»&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Security-Token=«hush»&X-Amz-Signature=«0a1b»',
  'https://storage.example/i.m3u8?X-Goog-Expires=60&X-Goog-Signature=«0a1b»',
  'https://a.blob.example/live/i.m3u8?sv=2022-11-02&se=2026-01-01&sr=b&sp=r&sig=«hu%2Fsh%3D»',
  'https://cdn.example/live/i.m3u8?hdnts=«exp=1767225600~acl=/*~hmac=0a1b»&b=1',
  'https://cdn.example/hdntl=«exp=1767225600~acl=%2f*~hmac=0a1b»/live/i.m3u8',
  'https://cdn.example/live;token=«hush»/seg/i.m3u8?x=1&y=2',
  'https://cdn.example/live;user=«pilot»;password=«hush»;channel=1/i.m3u8',
  'https://cdn.example/live/i.m3u8?md5=«0a1b»&expires=1767225600',
  // WHEP and WHIP, MediaMTX, go2rtc
  'https://media.example/cam1/whep?token=«hush»',
  'https://media.example/cam1/whip?access_token=«hush»&codec=h264',
  `https://media.example/cam1/whep?jwt=«${JWT}»`,
  `https://video.example/«${JWT}»/manifest/video.m3u8`,
  `https://video.example/live?t=«${JWT}»&x=1`,
  'rtsp://media.example:8554/cam1?user=«pilot»&pass=«hush»',
  'wss://media.example/live#access_token=«hush»&token_type=bearer',
  'https://hub.example/api/stream.mp4?src=rtsp://«pilot:hush»@cam.example/1&video=h264',
  'https://hub.example/api/stream.mp4?src=rtsp%3A%2F%2F«pilot%3Ahush»%40cam.example%2F1&video=h264',
  'https://hub.example/proxy?url=http%3A%2F%2Fcam.example%2Fvideo.cgi%3Fuser%3D«pilot»%26pwd%3D«hu%2526sh»%26rate%3D0&b=1',
  // However a name is written
  'http://cam.example/v?PassWord=«hush»&Channel=1',
  'http://cam.example/v?%70assword=«hu%26sh»&channel=1',
  'http://cam.example/v?pass%77ord=«hush»',
  'http://cam.example/v?user=«pilot»&amp;password=«hush»&amp;channel=1',
  'http://cam.example/v?user=«pilot»;password=«hush»;channel=1',
  'http://cam.example/v?client_secret=«hush»&camera.password=«hush»&stream-key=«hush»&sessionId=«hush»',
  'http://cam.example/v?pwd=«hu#sh»&channel=1',
  'http://cam.example/v?pwd=«hu;sh»&channel=1',
  'http://cam.example/v?token=«hush»#t=10',
  'http://cam.example/v?user[name]=pilot&user[password]=«hush»&userPass=«hush»&secretKey=«hush»',
  'http://cam.example/v?u=«pilot»&p=«hush»&channel=1',
  'http://cam.example/v?a=1%26password%3D«hush»%26b=2',
  // User info that should have been escaped
  'rtsp://«admin:hu/sh»@192.168.1.64:554/Streaming/Channels/101',
  'rtsp://«admin:hu/sh»@cam/live',
  'rtsp://«admin:hu/sh»@cam.example/live@noon',
  'rtsp://«admin:hu/s/h»@cam.example/live?mail=ops@example.com',
  'rtsp://«admin:h@u/s@h»@cam.example/live',
  'rtsp://«admin:hu//sh»@cam.example/live',
  'rtsp://«admin:h/u?s#h»@cam.example:554/live',
  'rtsp://«admin:12/34»@192.168.1.64:554/live',
  'rtsp://«admin:/hush»@192.168.1.64/live',
  'rtsp://«:hu/sh»@[2001:db8::7]:554/live',
  'rtsp://«admin:hu@sh»@cam.example/live?channel=1',
  'rtsp:/«admin:hush»@192.168.1.64:554/live',
  'rtsp:\\\\«admin:hush»@192.168.1.64:554\\live',
  '«admin:hush»@192.168.1.64:554/live',
  'rtsp://«admin:hu/sh»@cam.example/v?token=«hush»&channel=1',
  // What another one has masked already
  'rtsp://«***»@cam.example/live?token=«***»',
];

/** URLs without a secret. */
export const PLAIN_URLS: readonly string[] = [
  'rtsp://192.168.1.108:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif',
  'rtsp://192.168.1.10:554/user=&password=&channel=1&stream=0.sdp?real_stream',
  'rtsp://cam:554/live@noon',
  'rtsp://cam:554/live@example.com/1',
  'rtsp://cam.example:554/live/a@192.168.1.1/b',
  'rtsp://[2001:db8::7]:554/live@192.168.1.1/b',
  'https://cdn.example/@pilot/live.m3u8?mail=ops@example.com',
  'https://cdn.example/live.m3u8?Expires=1&Key-Pair-Id=K2X&Policy=a',
  'http://cam.example/v?monkey=1&hotkey=2&author=me&userAgent=x&tokenized=1&keyframe=1&passive=1&pass-through=1',
  'http://cam.example/v?keys=1&users=2&bypass=on&compass=1&design=2&assign=3&signal=4&authority=5&piny=1',
  'http://cam.example/livestream.cgi?streamid=1&sid=2&session=3',
  'srt://ingest.example:9710?mode=listener&latency=200&pbkeylen=16',
  'rtsps://192.168.1.1:7441/AbCdEf123?enableSrtp',
  'https://192.168.1.7:19443/https/stream/mixed?video=h264&audio=g711&resolution=hd&deviceId=AB',
  'https://media.example/eyJ/whep?a=eyJ.b',
  'http://cam.example/v?p=2&channel=1',
  'mailto:ops@example.com',
  'sip:100@pbx.example.com',
  'http://cam.example/100%/a%zz?b=50%',
  'token',
  'a=b',
  '=',
  '&=&=',
  '?password',
  'password=',
  '',
  '%',
  '//',
  '://',
  'not a URL @ all',
];

/** The URL itself. */
export const unmarked = (url: string): string => url.replace(/[«»]/g, '');
/** The URL as callers without access to credentials see it. */
export const masked = (url: string): string => url.replace(/«[^»]*»/g, '***');
