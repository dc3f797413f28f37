//#region ../events/dist/channels.js
/** What a client may filter on; the last part of a drone's channel, or `system`. */
const KINDS = [
	"created",
	"updated",
	"deleted",
	"stream",
	"ai",
	"config",
	"incident",
	"system"
];
new Set(new Map([
	["created", "drone:all:created"],
	["deleted", "drone:all:deleted"],
	["incident", "incidents:all"]
]).values());
//#endregion
//#region ../events/dist/close-codes.js
/** Every code that a relay closes a WebSocket with (RFC 6455 section 7.4 below 4000, ours from 4000). */
const CloseCode = {
	PROTOCOL_ERROR: 1002,
	BINARY_FRAME: 1003,
	INVALID_UTF8: 1007,
	FRAME_TOO_BIG: 1009,
	INTERNAL_ERROR: 1011,
	RESTARTING: 1012,
	TRY_AGAIN: 1013,
	ABUSE: 4400,
	SLOW_CONSUMER: 4408
};
const CLOSE_CODES = {
	[CloseCode.PROTOCOL_ERROR]: {
		action: "fatal",
		meaning: "a frame broke RFC 6455"
	},
	[CloseCode.BINARY_FRAME]: {
		action: "fatal",
		meaning: "binary frames are not accepted"
	},
	[CloseCode.INVALID_UTF8]: {
		action: "fatal",
		meaning: "a text frame was not UTF-8"
	},
	[CloseCode.FRAME_TOO_BIG]: {
		action: "fatal",
		meaning: "a frame exceeded the limit"
	},
	[CloseCode.INTERNAL_ERROR]: {
		action: "retry",
		meaning: "the relay failed"
	},
	[CloseCode.RESTARTING]: {
		action: "resume",
		meaning: "the relay is restarting"
	},
	[CloseCode.TRY_AGAIN]: {
		action: "resume",
		meaning: "the history is out of reach for now"
	},
	[CloseCode.ABUSE]: {
		action: "fatal",
		meaning: "too many invalid frames"
	},
	[CloseCode.SLOW_CONSUMER]: {
		action: "resume",
		meaning: "the client reads more slowly than events arrive"
	}
};
//#endregion
//#region ../events/dist/cursor.js
const STREAM_ID = /^(\d{1,15})-(\d{1,15})$/;
const CURSOR = /^([a-z0-9]{1,16})\.(\d{1,15}-\d{1,15})$/;
function parseStreamId(text) {
	const match = STREAM_ID.exec(text);
	return match ? {
		ms: Number(match[1]),
		n: Number(match[2])
	} : void 0;
}
/** Negative when `a` is older than `b`, 0 when they are one place. */
const compareStreamIds = (a, b) => a.ms - b.ms || a.n - b.n;
/** Undefined when `text` is no cursor of ours. */
function parseCursor(text) {
	const [, epoch, streamId] = CURSOR.exec(text) ?? [];
	const id = streamId ? parseStreamId(streamId) : void 0;
	return epoch && id ? {
		epoch,
		id
	} : void 0;
}
//#endregion
//#region ../../node_modules/.pnpm/openapi-fetch@0.17.0/node_modules/openapi-fetch/dist/index.mjs
const PATH_PARAM_RE = /\{[^{}]+\}/g;
const supportsRequestInitExt = () => {
	return typeof process === "object" && Number.parseInt(process?.versions?.node?.substring(0, 2)) >= 18 && process.versions.undici;
};
function randomID() {
	return Math.random().toString(36).slice(2, 11);
}
function createClient$1(clientOptions) {
	let { baseUrl = "", Request: CustomRequest = globalThis.Request, fetch: baseFetch = globalThis.fetch, querySerializer: globalQuerySerializer, bodySerializer: globalBodySerializer, pathSerializer: globalPathSerializer, headers: baseHeaders, requestInitExt = void 0, ...baseOptions } = { ...clientOptions };
	requestInitExt = supportsRequestInitExt() ? requestInitExt : void 0;
	baseUrl = removeTrailingSlash(baseUrl);
	const globalMiddlewares = [];
	async function coreFetch(schemaPath, fetchOptions) {
		const { baseUrl: localBaseUrl, fetch = baseFetch, Request = CustomRequest, headers, params = {}, parseAs = "json", querySerializer: requestQuerySerializer, bodySerializer = globalBodySerializer ?? defaultBodySerializer, pathSerializer: requestPathSerializer, body, middleware: requestMiddlewares = [], ...init } = fetchOptions || {};
		let finalBaseUrl = baseUrl;
		if (localBaseUrl) finalBaseUrl = removeTrailingSlash(localBaseUrl) ?? baseUrl;
		let querySerializer = typeof globalQuerySerializer === "function" ? globalQuerySerializer : createQuerySerializer(globalQuerySerializer);
		if (requestQuerySerializer) querySerializer = typeof requestQuerySerializer === "function" ? requestQuerySerializer : createQuerySerializer({
			...typeof globalQuerySerializer === "object" ? globalQuerySerializer : {},
			...requestQuerySerializer
		});
		const pathSerializer = requestPathSerializer || globalPathSerializer || defaultPathSerializer;
		const serializedBody = body === void 0 ? void 0 : bodySerializer(body, mergeHeaders(baseHeaders, headers, params.header));
		const finalHeaders = mergeHeaders(serializedBody === void 0 || serializedBody instanceof FormData ? {} : { "Content-Type": "application/json" }, baseHeaders, headers, params.header);
		const finalMiddlewares = [...globalMiddlewares, ...requestMiddlewares];
		const requestInit = {
			redirect: "follow",
			...baseOptions,
			...init,
			body: serializedBody,
			headers: finalHeaders
		};
		let id;
		let options;
		let request = new Request(createFinalURL(schemaPath, {
			baseUrl: finalBaseUrl,
			params,
			querySerializer,
			pathSerializer
		}), requestInit);
		let response;
		for (const key in init) if (!(key in request)) request[key] = init[key];
		if (finalMiddlewares.length) {
			id = randomID();
			options = Object.freeze({
				baseUrl: finalBaseUrl,
				fetch,
				parseAs,
				querySerializer,
				bodySerializer,
				pathSerializer
			});
			for (const m of finalMiddlewares) if (m && typeof m === "object" && typeof m.onRequest === "function") {
				const result = await m.onRequest({
					request,
					schemaPath,
					params,
					options,
					id
				});
				if (result) if (result instanceof Request) request = result;
				else if (result instanceof Response) {
					response = result;
					break;
				} else throw new Error("onRequest: must return new Request() or Response() when modifying the request");
			}
		}
		if (!response) {
			try {
				response = await fetch(request, requestInitExt);
			} catch (error2) {
				let errorAfterMiddleware = error2;
				if (finalMiddlewares.length) for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
					const m = finalMiddlewares[i];
					if (m && typeof m === "object" && typeof m.onError === "function") {
						const result = await m.onError({
							request,
							error: errorAfterMiddleware,
							schemaPath,
							params,
							options,
							id
						});
						if (result) {
							if (result instanceof Response) {
								errorAfterMiddleware = void 0;
								response = result;
								break;
							}
							if (result instanceof Error) {
								errorAfterMiddleware = result;
								continue;
							}
							throw new Error("onError: must return new Response() or instance of Error");
						}
					}
				}
				if (errorAfterMiddleware) throw errorAfterMiddleware;
			}
			if (finalMiddlewares.length) for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
				const m = finalMiddlewares[i];
				if (m && typeof m === "object" && typeof m.onResponse === "function") {
					const result = await m.onResponse({
						request,
						response,
						schemaPath,
						params,
						options,
						id
					});
					if (result) {
						if (!(result instanceof Response)) throw new Error("onResponse: must return new Response() when modifying the response");
						response = result;
					}
				}
			}
		}
		const contentLength = response.headers.get("Content-Length");
		if (response.status === 204 || request.method === "HEAD" || contentLength === "0" && !response.headers.get("Transfer-Encoding")?.includes("chunked")) return response.ok ? {
			data: void 0,
			response
		} : {
			error: void 0,
			response
		};
		if (response.ok) {
			const getResponseData = async () => {
				if (parseAs === "stream") return response.body;
				if (parseAs === "json" && !contentLength) {
					const raw = await response.text();
					return raw ? JSON.parse(raw) : void 0;
				}
				return await response[parseAs]();
			};
			return {
				data: await getResponseData(),
				response
			};
		}
		let error = await response.text();
		try {
			error = JSON.parse(error);
		} catch {}
		return {
			error,
			response
		};
	}
	return {
		request(method, url, init) {
			return coreFetch(url, {
				...init,
				method: method.toUpperCase()
			});
		},
		/** Call a GET endpoint */
		GET(url, init) {
			return coreFetch(url, {
				...init,
				method: "GET"
			});
		},
		/** Call a PUT endpoint */
		PUT(url, init) {
			return coreFetch(url, {
				...init,
				method: "PUT"
			});
		},
		/** Call a POST endpoint */
		POST(url, init) {
			return coreFetch(url, {
				...init,
				method: "POST"
			});
		},
		/** Call a DELETE endpoint */
		DELETE(url, init) {
			return coreFetch(url, {
				...init,
				method: "DELETE"
			});
		},
		/** Call a OPTIONS endpoint */
		OPTIONS(url, init) {
			return coreFetch(url, {
				...init,
				method: "OPTIONS"
			});
		},
		/** Call a HEAD endpoint */
		HEAD(url, init) {
			return coreFetch(url, {
				...init,
				method: "HEAD"
			});
		},
		/** Call a PATCH endpoint */
		PATCH(url, init) {
			return coreFetch(url, {
				...init,
				method: "PATCH"
			});
		},
		/** Call a TRACE endpoint */
		TRACE(url, init) {
			return coreFetch(url, {
				...init,
				method: "TRACE"
			});
		},
		/** Register middleware */
		use(...middleware) {
			for (const m of middleware) {
				if (!m) continue;
				if (typeof m !== "object" || !("onRequest" in m || "onResponse" in m || "onError" in m)) throw new Error("Middleware must be an object with one of `onRequest()`, `onResponse() or `onError()`");
				globalMiddlewares.push(m);
			}
		},
		/** Unregister middleware */
		eject(...middleware) {
			for (const m of middleware) {
				const i = globalMiddlewares.indexOf(m);
				if (i !== -1) globalMiddlewares.splice(i, 1);
			}
		}
	};
}
function serializePrimitiveParam(name, value, options) {
	if (value === void 0 || value === null) return "";
	if (typeof value === "object") throw new Error("Deeply-nested arrays/objects aren’t supported. Provide your own `querySerializer()` to handle these.");
	return `${name}=${options?.allowReserved === true ? value : encodeURIComponent(value)}`;
}
function serializeObjectParam(name, value, options) {
	if (!value || typeof value !== "object") return "";
	const values = [];
	const joiner = {
		simple: ",",
		label: ".",
		matrix: ";"
	}[options.style] || "&";
	if (options.style !== "deepObject" && options.explode === false) {
		for (const k in value) values.push(k, options.allowReserved === true ? value[k] : encodeURIComponent(value[k]));
		const final2 = values.join(",");
		switch (options.style) {
			case "form": return `${name}=${final2}`;
			case "label": return `.${final2}`;
			case "matrix": return `;${name}=${final2}`;
			default: return final2;
		}
	}
	for (const k in value) {
		const finalName = options.style === "deepObject" ? `${name}[${k}]` : k;
		values.push(serializePrimitiveParam(finalName, value[k], options));
	}
	const final = values.join(joiner);
	return options.style === "label" || options.style === "matrix" ? `${joiner}${final}` : final;
}
function serializeArrayParam(name, value, options) {
	if (!Array.isArray(value)) return "";
	if (options.explode === false) {
		const joiner2 = {
			form: ",",
			spaceDelimited: "%20",
			pipeDelimited: "|"
		}[options.style] || ",";
		const final = (options.allowReserved === true ? value : value.map((v) => encodeURIComponent(v))).join(joiner2);
		switch (options.style) {
			case "simple": return final;
			case "label": return `.${final}`;
			case "matrix": return `;${name}=${final}`;
			default: return `${name}=${final}`;
		}
	}
	const joiner = {
		simple: ",",
		label: ".",
		matrix: ";"
	}[options.style] || "&";
	const values = [];
	for (const v of value) if (options.style === "simple" || options.style === "label") values.push(options.allowReserved === true ? v : encodeURIComponent(v));
	else values.push(serializePrimitiveParam(name, v, options));
	return options.style === "label" || options.style === "matrix" ? `${joiner}${values.join(joiner)}` : values.join(joiner);
}
function createQuerySerializer(options) {
	return function querySerializer(queryParams) {
		const search = [];
		if (queryParams && typeof queryParams === "object") for (const name in queryParams) {
			const value = queryParams[name];
			if (value === void 0 || value === null) continue;
			if (Array.isArray(value)) {
				if (value.length === 0) continue;
				search.push(serializeArrayParam(name, value, {
					style: "form",
					explode: true,
					...options?.array,
					allowReserved: options?.allowReserved || false
				}));
				continue;
			}
			if (typeof value === "object") {
				search.push(serializeObjectParam(name, value, {
					style: "deepObject",
					explode: true,
					...options?.object,
					allowReserved: options?.allowReserved || false
				}));
				continue;
			}
			search.push(serializePrimitiveParam(name, value, options));
		}
		return search.join("&");
	};
}
function defaultPathSerializer(pathname, pathParams) {
	let nextURL = pathname;
	for (const match of pathname.match(PATH_PARAM_RE) ?? []) {
		let name = match.substring(1, match.length - 1);
		let explode = false;
		let style = "simple";
		if (name.endsWith("*")) {
			explode = true;
			name = name.substring(0, name.length - 1);
		}
		if (name.startsWith(".")) {
			style = "label";
			name = name.substring(1);
		} else if (name.startsWith(";")) {
			style = "matrix";
			name = name.substring(1);
		}
		if (!pathParams || pathParams[name] === void 0 || pathParams[name] === null) continue;
		const value = pathParams[name];
		if (Array.isArray(value)) {
			nextURL = nextURL.replace(match, serializeArrayParam(name, value, {
				style,
				explode
			}));
			continue;
		}
		if (typeof value === "object") {
			nextURL = nextURL.replace(match, serializeObjectParam(name, value, {
				style,
				explode
			}));
			continue;
		}
		if (style === "matrix") {
			nextURL = nextURL.replace(match, `;${serializePrimitiveParam(name, value)}`);
			continue;
		}
		nextURL = nextURL.replace(match, style === "label" ? `.${encodeURIComponent(value)}` : encodeURIComponent(value));
	}
	return nextURL;
}
function defaultBodySerializer(body, headers) {
	if (body instanceof FormData) return body;
	if (headers) {
		if ((headers.get instanceof Function ? headers.get("Content-Type") ?? headers.get("content-type") : headers["Content-Type"] ?? headers["content-type"]) === "application/x-www-form-urlencoded") return new URLSearchParams(body).toString();
	}
	return JSON.stringify(body);
}
function createFinalURL(pathname, options) {
	let finalURL = `${options.baseUrl}${pathname}`;
	if (options.params?.path) finalURL = options.pathSerializer(finalURL, options.params.path);
	let search = options.querySerializer(options.params.query ?? {});
	if (search.startsWith("?")) search = search.substring(1);
	if (search) finalURL += `?${search}`;
	return finalURL;
}
function mergeHeaders(...allHeaders) {
	const finalHeaders = new Headers();
	for (const h of allHeaders) {
		if (!h || typeof h !== "object") continue;
		const iterator = h instanceof Headers ? h.entries() : Object.entries(h);
		for (const [k, v] of iterator) if (v === null) finalHeaders.delete(k);
		else if (Array.isArray(v)) for (const v2 of v) finalHeaders.append(k, v2);
		else if (v !== void 0) finalHeaders.set(k, v);
	}
	return finalHeaders;
}
function removeTrailingSlash(url) {
	if (url.endsWith("/")) return url.substring(0, url.length - 1);
	return url;
}
//#endregion
//#region src/api.ts
function createApi({ url, token }) {
	const api = createClient$1({ baseUrl: String(url).replace(/\/$/, "") });
	if (token) api.use({ async onRequest({ request }) {
		request.headers.set("authorization", `Bearer ${await token()}`);
		return request;
	} });
	return api;
}
//#endregion
//#region src/listeners.ts
/** Typed listeners. One that throws is reported as uncaught and stops nobody else. */
function createListeners() {
	const sets = {};
	return {
		/** Returns what takes the listener off again. */
		on(name, listener) {
			const set = sets[name] ?? /* @__PURE__ */ new Set();
			sets[name] = set.add(listener);
			return () => void set.delete(listener);
		},
		emit(name, value) {
			for (const listener of [...sets[name] ?? []]) try {
				listener(value);
			} catch (error) {
				queueMicrotask(() => {
					throw error;
				});
			}
		}
	};
}
//#endregion
//#region src/errors.ts
/** The relay will not have this client as it is: connecting again would change nothing. */
var RefusedError = class extends Error {
	name = "RefusedError";
	constructor(message, code) {
		super(message);
		this.code = code;
	}
};
/** A connection that could not be had or kept; the client goes on trying. */
var ConnectionError = class extends Error {
	name = "ConnectionError";
};
/** The relay refused what was said, such as a filter that names drones of others; the connection stays. */
var RelayError = class extends Error {
	name = "RelayError";
	constructor(message, code) {
		super(message);
		this.code = code;
	}
};
//#endregion
//#region src/filter.ts
const asSet = (...lists) => [...new Set(lists.flat())];
const isNothing = ({ sn, events }) => !sn?.length && !events?.length;
/** Adds to a filter as the relay does: what follows everything is narrowed to what is named; nothing named is everything. */
function widen(filter, more) {
	if (isNothing(more)) return {};
	const sn = more.sn?.length ? asSet(filter.sn ?? [], more.sn) : filter.sn;
	const events = more.events?.length ? asSet(filter.events ?? [], more.events) : filter.events;
	return {
		...sn && { sn },
		...events && { events }
	};
}
/** Takes out of a filter as the relay does; nothing named takes out every drone. `kinds` are all there are. */
function narrow(filter, less, kinds) {
	if (isNothing(less)) return {
		...filter,
		sn: []
	};
	const sn = filter.sn?.filter((name) => !less.sn?.includes(name)) ?? (less.sn?.includes("*") ? [] : void 0);
	const events = less.events?.length ? (filter.events ?? kinds).filter((kind) => !less.events?.includes(kind)) : filter.events;
	if (events?.length === 0) throw new RangeError("events: at least one kind must be left");
	return {
		...sn && { sn },
		...events && { events }
	};
}
/** Whether events of these kinds of a drone reach who has the filter. */
function covers({ sn, events }, serialNumber, kinds) {
	return sn?.some((name) => name.endsWith("*") ? serialNumber.startsWith(name.slice(0, -1)) : name === serialNumber) !== false && kinds.every((kind) => events?.includes(kind) ?? true);
}
const followsNoDrone = ({ sn }) => sn?.length === 0;
/** The filter as a query. It can't say "no drone": that is asked for as the system's events alone. */
function toQuery(filter) {
	if (followsNoDrone(filter)) return { events: "system" };
	const { sn, events } = filter;
	return {
		...sn && { sn: sn.join() },
		...events && { events: events.join() }
	};
}
//#endregion
//#region src/frames.ts
const isForeign = (item) => "foreign" in item;
const isGap = (item) => item.type === "relay";
//#endregion
//#region src/backoff.ts
/** A wait with full jitter, so that clients that failed together do not come back together. `failures` from 0. */
const backoff = ({ firstMs, mostMs }, failures) => Math.random() * Math.min(mostMs, firstMs * 2 ** failures);
/** Resolves after so many milliseconds, or when the signal is aborted. */
function pause(ms, signal) {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener("abort", done);
	});
}
//#endregion
//#region src/ladder.ts
/** Which transport is in use: the best one, until it turns out not to get through. */
function createLadder(rungs) {
	let at = 0;
	return {
		current: () => rungs[at] ?? rungs[0],
		best: rungs[0],
		isBest: () => at === 0,
		/** Steps down; false, and back to the best, when there was nothing below. */
		down() {
			at = (at + 1) % rungs.length;
			return at > 0;
		},
		top() {
			at = 0;
		}
	};
}
//#endregion
//#region src/silence.ts
/** Calls `onSilence` once, as soon as there was no sign of life for so long. */
function createSilenceWatch(ms, onSilence) {
	let limit = ms;
	let heardAt = performance.now();
	let timer = setTimeout(check, limit);
	function check() {
		const left = heardAt + limit - performance.now();
		if (left <= 0) onSilence();
		else timer = setTimeout(check, left);
	}
	return {
		heard() {
			heardAt = performance.now();
		},
		setLimit(ms) {
			limit = ms;
			clearTimeout(timer);
			timer = setTimeout(check, limit);
		},
		stop: () => clearTimeout(timer)
	};
}
//#endregion
//#region src/link.ts
/** A draining relay has so long to close the connection after the time it gave. */
const DRAIN_GRACE_MS = 1e3;
/** Intervals without a sign of life after which a connection counts as dead. */
const SILENT_INTERVALS = 2;
const failed = (action, message) => ({
	action,
	error: new ConnectionError(message)
});
/** One connection after the other, until the relay refuses or `close` is called. */
function createLink(dependencies) {
	const { url, transports, timing, filter, cursor, room, report } = dependencies;
	const ladder = createLadder(dependencies.rungs);
	const closing = new AbortController();
	let current;
	let climbTries = 0;
	let climbTimer;
	/** Tries the best transport beside the one in use. A connection that works is reason enough to reconnect. */
	async function climb() {
		const probe = new AbortController();
		const timer = setTimeout(() => probe.abort(), timing.greetingMs);
		closing.signal.addEventListener("abort", () => probe.abort(), { signal: probe.signal });
		let isThrough = false;
		try {
			const token = await dependencies.token?.();
			const { signal } = probe;
			const receive = () => {
				isThrough = true;
				probe.abort();
			};
			const attempt = {
				url,
				filter: filter(),
				since: void 0,
				token,
				signal,
				receive,
				alive() {}
			};
			await transports[ladder.best](attempt).ended;
		} catch {}
		clearTimeout(timer);
		climbTimer = void 0;
		if (closing.signal.aborted || ladder.isBest()) return;
		if (!isThrough) return scheduleClimb();
		ladder.top();
		current?.end({ action: "again" });
	}
	function scheduleClimb() {
		if (ladder.isBest() || climbTimer !== void 0) return;
		const { firstMs, mostMs } = timing.climb;
		const ms = Math.min(mostMs, firstMs * 2 ** climbTries) * (.5 + Math.random() / 2);
		climbTries += 1;
		climbTimer = setTimeout(() => void climb(), ms);
	}
	function wentLive(name) {
		report({
			state: "live",
			transport: name
		});
		if (ladder.isBest()) climbTries = 0;
		else scheduleClimb();
	}
	/** One connection, from its beginning to its end. */
	async function connect(name, token) {
		const control = new AbortController();
		const { signal } = control;
		let drainTimer;
		let liveAt;
		let endNow = () => {};
		const ended = new Promise((resolve) => {
			endNow = resolve;
		});
		const silence = createSilenceWatch(timing.greetingMs, () => endNow(liveAt === void 0 ? failed("blocked", "nothing came") : failed("resume", "the relay fell silent")));
		function receive(frame) {
			silence.heard();
			const { event, data } = frame.type === "relay" ? frame : {
				event: void 0,
				data: void 0
			};
			if (event === "relay.connected" && name !== "poll") silence.setLimit(SILENT_INTERVALS * data.heartbeatMs);
			if (event === "relay.draining") {
				const leave = () => endNow(failed("resume", "the relay is restarting"));
				drainTimer = setTimeout(leave, data.retryAfterMs + DRAIN_GRACE_MS);
			}
			dependencies.receive(frame);
			if (liveAt !== void 0) return;
			liveAt = performance.now();
			if (name === "poll") silence.stop();
			if (current) current.isLive = true;
			wentLive(name);
		}
		const attempt = {
			url,
			filter: filter(),
			since: cursor(),
			token,
			signal,
			receive,
			alive: silence.heard
		};
		const connection = transports[name](attempt);
		current = {
			connection,
			isLive: false,
			end: endNow
		};
		closing.signal.addEventListener("abort", () => endNow({ action: "again" }), { signal });
		const end = await Promise.race([connection.ended, ended]);
		current = void 0;
		control.abort();
		silence.stop();
		clearTimeout(drainTimer);
		return {
			end,
			livedMs: liveAt === void 0 ? 0 : performance.now() - liveAt
		};
	}
	async function attempt(name) {
		try {
			return await connect(name, await dependencies.token?.());
		} catch (cause) {
			return {
				end: {
					action: "retry",
					error: cause instanceof Error ? cause : new ConnectionError("there is no token", { cause })
				},
				livedMs: 0
			};
		}
	}
	/** Resolves when it is over; with an error, when the relay refused. */
	async function run() {
		let failures = 0;
		let isTokenDoubted = false;
		while (!closing.signal.aborted) {
			await room();
			if (closing.signal.aborted) break;
			const transport = ladder.current();
			report({
				state: cursor() === void 0 ? "connecting" : "resuming",
				transport
			});
			const { end, livedMs } = await attempt(transport);
			if (closing.signal.aborted || end.action === "again") continue;
			if (end.action === "fatal") return end.error;
			if (end.action === "unauthorized" && (isTokenDoubted || !dependencies.token)) return end.error;
			isTokenDoubted = end.action === "unauthorized";
			if (end.action === "blocked" && livedMs === 0 && ladder.down()) continue;
			failures = livedMs > timing.backoff.mostMs || livedMs > 0 && end.action === "resume" ? 0 : failures + 1;
			const retryInMs = (end.retryAfterMs ?? 0) + backoff(timing.backoff, failures);
			report({
				state: "offline",
				error: end.error,
				retryInMs
			});
			await pause(retryInMs, closing.signal);
		}
	}
	return {
		run,
		/** The filter has changed. */
		refilter(change) {
			if (current?.isLive && current.connection.say) current.connection.say(change);
			else current?.end({ action: "again" });
		},
		/** Lets the connection go; `run` takes it up again when there is room. */
		letGo: () => current?.end({ action: "again" }),
		close() {
			clearTimeout(climbTimer);
			closing.abort();
		}
	};
}
//#endregion
//#region src/place.ts
/** Whether `id` is not after `cursor` in the same life of the history. */
function isPast(id, cursor) {
	const event = parseCursor(id);
	const place = parseCursor(cursor);
	return event && place ? event.epoch === place.epoch && compareStreamIds(event.id, place.id) <= 0 : id === cursor;
}
/** How far a client is. */
function createPlace(start) {
	let cursor = start;
	return {
		cursor: () => cursor,
		/** What the relay says it is. */
		move(to) {
			cursor = to;
		},
		/** Takes a step to an event; false when it was here before. */
		advance(id) {
			if (cursor !== void 0 && isPast(id, cursor)) return false;
			cursor = id;
			return true;
		}
	};
}
//#endregion
//#region src/progress.ts
/** Saves how far everybody has read: an event counts when the last of its readers is done with it. */
function createProgress(store, warn) {
	let steps = [];
	let isFrozen = store === void 0;
	let unsaved;
	let saving;
	async function save() {
		while (unsaved !== void 0) {
			const cursor = unsaved;
			unsaved = void 0;
			await Promise.resolve(store?.save(cursor)).catch(warn);
		}
		saving = void 0;
	}
	function settle() {
		let done = 0;
		while (steps[done]?.readers === 0) done += 1;
		unsaved = steps[done - 1]?.cursor ?? unsaved;
		if (done > 0) steps = steps.slice(done);
		if (unsaved !== void 0) saving ??= Promise.resolve().then(save);
	}
	return {
		/** A place that so many readers have yet to pass. Each calls what this returns. */
		add(cursor, readers) {
			if (isFrozen || cursor === void 0) return () => {};
			const step = {
				cursor,
				readers
			};
			steps.push(step);
			settle();
			return () => {
				step.readers -= 1;
				settle();
			};
		},
		/** Somebody left with events unread: a later start has to begin with them. */
		freeze() {
			isFrozen = true;
		},
		/** Resolves when all is saved. */
		saved: async () => saving
	};
}
//#endregion
//#region src/reader.ts
/** A queue that one `for await` reads. An item counts as done when the next one is asked for. */
function createReader(onLeave) {
	const entries = [];
	let waiting;
	let taken;
	let over;
	function serve() {
		if (!waiting) return;
		const entry = entries.shift();
		if (entry) {
			taken = entry;
			waiting.resolve({
				done: false,
				value: entry.item
			});
		} else if (over?.error) waiting.reject(over.error);
		else if (over) waiting.resolve({
			done: true,
			value: void 0
		});
		else return;
		waiting = void 0;
	}
	function finish() {
		taken?.done();
		taken = void 0;
	}
	const iterator = {
		next() {
			finish();
			return new Promise((resolve, reject) => {
				waiting = {
					resolve,
					reject
				};
				serve();
			});
		},
		async return() {
			finish();
			over = { error: void 0 };
			onLeave(entries.length);
			return {
				done: true,
				value: void 0
			};
		},
		[Symbol.asyncIterator]() {
			return iterator;
		}
	};
	return {
		iterator,
		length: () => entries.length,
		push(item, done) {
			entries.push({
				item,
				done
			});
			serve();
		},
		/** What is queued can still be read. */
		end(error) {
			over = { error };
			serve();
		}
	};
}
//#endregion
//#region src/transport.ts
/** How events can be had, the best first. */
const TRANSPORTS = [
	"ws",
	"sse",
	"poll"
];
//#endregion
//#region src/transports/http.ts
/** Thrown inside a transport: why it is over. */
var Ended = class extends Error {
	constructor(ending) {
		super(ending.error.message);
		this.ending = ending;
	}
};
/** The relay's address for this attempt, below its base. */
function addressOf({ url, filter }, path, query = {}) {
	const address = new URL(path, url);
	for (const [name, value] of Object.entries({
		...toQuery(filter),
		...query
	})) address.searchParams.set(name, value);
	return address;
}
const RETRY = new Set([
	408,
	425,
	429,
	500,
	502,
	503,
	504
]);
async function describe(answer) {
	try {
		const { detail, code } = await answer.json();
		return detail ?? code ?? `HTTP ${answer.status}`;
	} catch {
		return `HTTP ${answer.status}`;
	}
}
async function toEnding(answer) {
	const { status, headers } = answer;
	const message = await describe(answer);
	if (status === 401) return {
		action: "unauthorized",
		error: new RefusedError(message, status)
	};
	if (status === 400 || status === 403) return {
		action: "fatal",
		error: new RefusedError(message, status)
	};
	const seconds = Number(headers.get("retry-after") ?? NaN);
	return {
		action: RETRY.has(status) ? "retry" : "blocked",
		error: new ConnectionError(message),
		...seconds > 0 && { retryAfterMs: seconds * 1e3 }
	};
}
/** A GET to the relay. Throws {@link Ended} unless the answer is a 200. */
async function get({ token, signal }, address, headers = {}, limit = signal) {
	const authorization = token === void 0 ? {} : { authorization: `Bearer ${token}` };
	let answer;
	try {
		answer = await fetch(address, {
			headers: {
				...authorization,
				...headers
			},
			signal: limit,
			cache: "no-store"
		});
	} catch (cause) {
		throw new Ended({
			action: "blocked",
			error: new ConnectionError(`no answer from ${address.host}`, { cause })
		});
	}
	if (answer.status === 200) return answer;
	throw new Ended(await toEnding(answer));
}
/** The ending that a transport's failure stands for. What fails without saying why has broken on the way. */
const endingOf = (error) => error instanceof Ended ? error.ending : {
	action: "resume",
	error: new ConnectionError("the connection broke", { cause: error })
};
//#endregion
//#region src/transports/sse-parser.ts
/** Reads the text of an event stream, however it is cut (HTML standard, section 9.2.6). */
function createSseParser({ message, retry }) {
	let rest = "";
	let id;
	let data = [];
	let hasId = false;
	function field(name, value) {
		if (name === "data") data.push(value);
		else if (name === "retry" && /^\d+$/.test(value)) retry(Number(value));
		else if (name === "id" && !value.includes("\0")) {
			id = value;
			hasId = true;
		}
	}
	function line(text) {
		if (text !== "") {
			const colon = text.indexOf(":");
			if (colon === 0) return;
			return field(colon < 0 ? text : text.slice(0, colon), colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, ""));
		}
		if (data.length > 0 || hasId) message({
			id,
			data: data.length > 0 ? data.join("\n") : void 0
		});
		data = [];
		hasId = false;
	}
	return (chunk) => {
		const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
		rest = lines.pop() ?? "";
		for (const each of lines) line(each);
	};
}
//#endregion
//#region src/transports/event-stream.ts
async function read(attempt) {
	const { since, signal } = attempt;
	const answer = await get(attempt, addressOf(attempt, "sse/events"), {
		accept: "text/event-stream",
		...since !== void 0 && { "last-event-id": since }
	});
	if (!answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) throw new Ended({
		action: "blocked",
		error: new ConnectionError("what answers there is no event stream")
	});
	let retryAfterMs;
	const parse = createSseParser({
		message({ id, data }) {
			if (data !== void 0) attempt.receive(JSON.parse(data));
			else if (id) attempt.receive({
				type: "relay",
				event: "relay.heartbeat",
				data: { cursor: id }
			});
		},
		retry(ms) {
			retryAfterMs = ms;
		}
	});
	const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
	try {
		for (let part = await reader.read(); !part.done && !signal.aborted; part = await reader.read()) {
			attempt.alive();
			parse(part.value);
		}
	} catch (cause) {
		return {
			action: "resume",
			error: new ConnectionError("the event stream broke", { cause }),
			retryAfterMs
		};
	}
	return {
		action: "resume",
		error: new ConnectionError("the event stream ended"),
		retryAfterMs
	};
}
/** Events by fetch, since an EventSource can't carry a token, nor say why it was refused. */
const eventStream = (attempt) => ({ ended: read(attempt).catch(endingOf) });
//#endregion
//#region src/transports/long-poll.ts
/** Seconds that an answer may wait for events. */
const WAIT_SECONDS = 25;
/** Milliseconds beyond that after which an answer counts as lost. */
const GRACE_MS = 1e4;
const LIMIT = 1e3;
/** Milliseconds between two requests when the relay, or what is before it, does not wait. */
const PAUSE_MS = 1e3;
async function poll(attempt) {
	const { signal } = attempt;
	let { since } = attempt;
	/** The first one is answered at once, so that the client knows that it is connected. */
	for (let wait = 0;; wait = WAIT_SECONDS) {
		const start = performance.now();
		const query = {
			wait: `${wait}`,
			limit: `${LIMIT}`,
			...since !== void 0 && { since }
		};
		const limit = AbortSignal.any([signal, AbortSignal.timeout(wait * 1e3 + GRACE_MS)]);
		const { events, cursor } = await (await get(attempt, addressOf(attempt, "poll/events", query), {}, limit)).json();
		for (const frame of events) if (!signal.aborted) attempt.receive(frame);
		if (signal.aborted) return endingOf(signal.reason);
		since = cursor;
		attempt.receive({
			type: "relay",
			event: "relay.heartbeat",
			data: { cursor }
		});
		if (events.length === 0 && wait > 0 && performance.now() - start < PAUSE_MS) await pause(PAUSE_MS, signal);
	}
}
/** Events by one request after the other. */
const longPoll = (attempt) => ({ ended: poll(attempt).catch(endingOf) });
//#endregion
//#region src/transports/web-socket.ts
/** What a close code asks for; a connection that breaks without one of ours is to be resumed. */
function closed(code, reason) {
	const { action, meaning } = CLOSE_CODES[code] ?? {
		action: "resume",
		meaning: ""
	};
	const message = `closed with ${code}: ${reason || meaning || "the connection broke"}`;
	return {
		action,
		error: action === "fatal" ? new RefusedError(message, code) : new ConnectionError(message)
	};
}
/** A refused handshake tells a page nothing. The same address, asked by HTTP, does. */
async function explain(attempt) {
	try {
		await get(attempt, addressOf(attempt, "ws/events"));
	} catch (error) {
		return endingOf(error);
	}
	return {
		action: "blocked",
		error: new ConnectionError("what answers there is no relay")
	};
}
function addressOfSocket(attempt) {
	const address = addressOf(attempt, "ws/events", attempt.since === void 0 ? {} : { since: attempt.since });
	address.protocol = address.protocol.replace("http", "ws");
	return address;
}
function createWebSocketTransport(openSocket) {
	async function run(attempt, opened) {
		const { token, signal } = attempt;
		const protocols = token === void 0 ? [] : ["dronecast", `bearer.${token}`];
		let socket;
		try {
			socket = await openSocket(addressOfSocket(attempt), protocols);
		} catch (cause) {
			return {
				action: "blocked",
				error: cause instanceof Error ? cause : new ConnectionError("no WebSocket", { cause })
			};
		}
		return new Promise((resolve) => {
			const leave = () => socket.close();
			let isOpen = false;
			socket.onopen = () => {
				isOpen = true;
				opened(socket);
			};
			socket.onmessage = ({ data }) => {
				if (!signal.aborted) attempt.receive(JSON.parse(data));
			};
			socket.onerror = () => {};
			socket.onclose = ({ code, reason }) => {
				signal.removeEventListener("abort", leave);
				resolve(isOpen || signal.aborted ? closed(code, reason) : explain(attempt));
			};
			signal.addEventListener("abort", leave);
			if (signal.aborted) leave();
		});
	}
	return (attempt) => {
		let socket;
		const ended = run(attempt, (opened) => {
			socket = opened;
		});
		if (followsNoDrone(attempt.filter)) return { ended };
		return {
			ended,
			say: (change) => socket?.send(JSON.stringify(change))
		};
	};
}
//#endregion
//#region src/watch.ts
/**
* A copy of a drone: read by REST, kept by events. Revisions compare within one id only; whatever has another id is
* looked up, since the registry alone knows which of two lives is the later one.
*/
function createWatch({ api, serialNumber, ...dependencies }) {
	const closing = new AbortController();
	const listeners = /* @__PURE__ */ new Set();
	/** The one that is registered, as far as is known. */
	let life;
	const dead = /* @__PURE__ */ new Set();
	let value;
	let isKnown = false;
	let isStale = false;
	let isReading = false;
	let settle;
	const ready = new Promise((resolve, reject) => {
		settle = {
			resolve,
			reject
		};
	});
	ready.catch(() => {});
	function set(drone) {
		if (life && life.id !== drone?.id) dead.add(life.id);
		life = drone && {
			id: drone.id,
			revision: drone.revision
		};
		const isChange = !isKnown || value !== drone;
		value = drone;
		isKnown = true;
		if (isChange) for (const listener of [...listeners]) listener(drone);
		settle?.resolve();
	}
	/** What REST says is at least as new as all that was known when it was asked. */
	function adopt(drone) {
		if (drone && dead.has(drone.id)) return;
		if (drone && life?.id === drone.id && drone.revision <= life.revision) return;
		set(drone);
	}
	async function get() {
		const { signal } = closing;
		const path = { sn: serialNumber };
		const { data, error, response } = await api.GET("/api/v1/drones/sn/{sn}", {
			params: { path },
			signal
		});
		if (data) {
			const { _id, streamCredentials, ...drone } = data.data.drone;
			return drone;
		}
		if (response.status === 404) return void 0;
		const message = error?.detail ?? `HTTP ${response.status}`;
		throw response.status < 500 && response.status !== 429 ? new RefusedError(message, response.status) : new ConnectionError(message);
	}
	async function readUntilRight() {
		for (let failures = 0; isStale && !closing.signal.aborted;) {
			isStale = false;
			try {
				adopt(await get());
				failures = 0;
			} catch (cause) {
				if (closing.signal.aborted) return;
				const error = cause instanceof Error ? cause : new ConnectionError("the API is away", { cause });
				dependencies.warn(error);
				if (error instanceof RefusedError) return settle?.reject(error);
				isStale = true;
				await pause(backoff(dependencies.backoff, failures), closing.signal);
				failures += 1;
			}
		}
	}
	async function read() {
		isStale = true;
		if (isReading) return;
		isReading = true;
		await readUntilRight();
		isReading = false;
	}
	return {
		watch: {
			get value() {
				return value;
			},
			ready,
			subscribe(listener) {
				listeners.add(listener);
				if (isKnown) listener(value);
				return () => void listeners.delete(listener);
			},
			close() {
				closing.abort();
				listeners.clear();
				dependencies.onClose();
			}
		},
		/** The copy may have missed events. */
		read: () => void read(),
		hear(event) {
			if (event.serialNumber !== serialNumber || dead.has(event.data.droneId)) return;
			if (event.data.droneId !== life?.id) read();
			else if (event.revision > life.revision) set("full" in event.data ? event.data.full : void 0);
		}
	};
}
//#endregion
//#region src/client.ts
/** Items that a slow iteration may leave waiting. */
const MAX_UNREAD = 1e4;
const WATCHED = [
	"created",
	"updated",
	"deleted"
];
const isWatched = (event) => [
	"drone.created",
	"drone.updated",
	"drone.deleted"
].includes(event.event);
/** Relative to the page, where there is one; with a slash at its end, so that paths go below it. */
const toBase = (url) => {
	const base = new URL(url, globalThis.location?.href);
	if (!base.pathname.endsWith("/")) base.pathname += "/";
	return base;
};
const initialFilter = ({ sn, events }) => ({
	...sn !== void 0 && { sn: [sn].flat() },
	...events !== void 0 && { events }
});
function createClient(options, { openSocket, timing }) {
	const { token, transport = "auto", cursor: store } = options;
	const listeners = createListeners();
	const warn = (error) => listeners.emit("warning", error);
	const progress = createProgress(store, warn);
	const readers = /* @__PURE__ */ new Set();
	const watches = /* @__PURE__ */ new Set();
	const api = createApi({
		url: options.api ?? options.url,
		token
	});
	let place = createPlace(void 0);
	let filter = initialFilter(options);
	let status = {
		state: "connecting",
		transport: transport === "auto" ? TRANSPORTS[0] : transport
	};
	let makeRoom;
	let hasBeenLive = false;
	const isFull = () => [...readers].some((reader) => reader.length() > MAX_UNREAD);
	function report(next) {
		status = next;
		listeners.emit("status", next);
		if (next.state !== "live" || hasBeenLive) return;
		hasBeenLive = true;
		for (const watch of watches) watch.read();
	}
	function deliver(item) {
		const isDone = progress.add(place.cursor(), readers.size);
		if (isGap(item)) listeners.emit("gap", item);
		else if (isForeign(item)) listeners.emit("foreign", item);
		else {
			listeners.emit("event", item);
			listeners.emit(item.event, item);
		}
		for (const reader of readers) reader.push(item, () => {
			isDone();
			if (makeRoom && !isFull()) makeRoom();
		});
		if (isFull()) link.letGo();
	}
	function hear(frame) {
		if (frame.event === "relay.error") return warn(new RelayError(frame.data.message, frame.data.code));
		if (frame.event === "relay.gap") {
			place.move(frame.data.cursor);
			for (const watch of watches) watch.read();
			return deliver(frame);
		}
		if (!("cursor" in frame.data) || frame.event === "relay.connected" && frame.data.resumed) return;
		place.move(frame.data.cursor);
		progress.add(frame.data.cursor, 0);
	}
	function receive(frame) {
		if (frame.type === "relay") return hear(frame);
		if ("id" in frame) {
			if (!place.advance(frame.id)) return;
			if (isWatched(frame)) for (const watch of watches) watch.hear(frame);
		}
		deliver(frame);
	}
	const link = createLink({
		url: toBase(options.url),
		transports: {
			ws: createWebSocketTransport(openSocket),
			sse: eventStream,
			poll: longPoll
		},
		rungs: transport === "auto" ? TRANSPORTS : [transport],
		token,
		timing,
		filter: () => filter,
		cursor: () => place.cursor(),
		room: async () => {
			if (isFull()) await new Promise((resolve) => {
				makeRoom = resolve;
			});
			makeRoom = void 0;
		},
		receive,
		report
	});
	async function run() {
		let error;
		try {
			place = createPlace(await store?.load());
			error = await link.run();
		} catch (cause) {
			error = cause;
		}
		report({
			state: "closed",
			...error && { error }
		});
		for (const reader of readers) reader.end(error);
		for (const { watch } of [...watches]) watch.close();
		return error;
	}
	const closed = run();
	return {
		closed,
		get status() {
			return status;
		},
		on: listeners.on,
		subscribe(more) {
			filter = widen(filter, more);
			link.refilter({
				action: "subscribe",
				...more
			});
		},
		unsubscribe(less) {
			filter = narrow(filter, less, KINDS);
			link.refilter({
				action: "unsubscribe",
				...less
			});
		},
		watch(serialNumber) {
			if (!covers(filter, serialNumber, WATCHED)) throw new RangeError(`to watch ${serialNumber}, follow its kinds ${WATCHED.join(", ")}`);
			const own = createWatch({
				api,
				serialNumber,
				backoff: timing.backoff,
				warn,
				onClose: () => void watches.delete(own)
			});
			watches.add(own);
			if (hasBeenLive) own.read();
			return own.watch;
		},
		async close() {
			link.close();
			makeRoom?.();
			await closed;
			await progress.saved();
		},
		[Symbol.asyncIterator]() {
			const reader = createReader((unread) => {
				readers.delete(reader);
				if (unread > 0) progress.freeze();
				makeRoom?.();
			});
			readers.add(reader);
			return reader.iterator;
		}
	};
}
//#endregion
//#region src/timing.ts
const TIMING = {
	backoff: {
		firstMs: 500,
		mostMs: 3e4
	},
	greetingMs: 1e4,
	climb: {
		firstMs: 3e4,
		mostMs: 6e5
	}
};
//#endregion
//#region src/cursor-store.ts
/** In the browser's localStorage. */
const localStorageCursor = (key) => ({
	load: () => localStorage.getItem(key) ?? void 0,
	save: (cursor) => localStorage.setItem(key, cursor)
});
//#endregion
export { isGap as a, RelayError as c, isForeign as i, createApi as l, TIMING as n, ConnectionError as o, createClient as r, RefusedError as s, localStorageCursor as t };
