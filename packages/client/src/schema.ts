// Made from the OpenAPI document and packages/events by `pnpm --filter @dronecast/client generate`.

export interface paths {
    "/api/v1/drones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List drones in order of serial number */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description DRONE, BODY CAM or CCTV, in any case
                     * @example DRONE
                     */
                    category?: string;
                    /** @description `nextCursor` of an earlier page */
                    cursor?: string;
                    /** @description true or false */
                    isUsingAiDetection?: boolean;
                    /** @description a whole number from 1 to 1000 */
                    limit?: number;
                    /** @description the start of a serial number, name or alias, in any case */
                    q?: string;
                    /** @description true or false */
                    streamIsOn?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                drones: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                }[];
                            };
                            /** @description present when there is more, and only then */
                            nextCursor?: string;
                            /** @description number of items on this page; it may be smaller than `limit`, since a page ends at about 1 MiB */
                            results: number;
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        };
        /** Read a drone; its stream password too with the scope credentials:read */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-none-match"?: string;
                };
                path: {
                    /** @description 24 hex digits */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "_id": "6b04793ea707e9d128d4384e",
                                 *       "id": "6b04793ea707e9d128d4384e",
                                 *       "deviceSerialNumber": "DRN-0042",
                                 *       "deviceName": "Harbour 1",
                                 *       "deviceCategory": "DRONE",
                                 *       "metadata": {
                                 *         "alias": "north gate",
                                 *         "description": ""
                                 *       },
                                 *       "isUsingAiDetection": false,
                                 *       "streamIsOn": true,
                                 *       "streamUrl": "rtsp://cameras.example.com/42",
                                 *       "webRTCUrl": "",
                                 *       "streamCredentials": {
                                 *         "userName": "viewer",
                                 *         "port": "8554"
                                 *       },
                                 *       "cameras": [],
                                 *       "detectionClasses": [
                                 *         0,
                                 *         2
                                 *       ],
                                 *       "createdAt": "2026-03-01T10:00:00.000Z",
                                 *       "updatedAt": "2026-03-01T10:05:00.000Z",
                                 *       "revision": 2
                                 *     }
                                 */
                                drone: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Default Response */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        /** Delete a drone; its incidents stay */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-match"?: string;
                };
                path: {
                    /** @description 24 hex digits */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        head?: never;
        /** Change a drone by JSON merge patch (RFC 7396) */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-match"?: string;
                };
                path: {
                    /** @description 24 hex digits */
                    id: string;
                };
                cookie?: never;
            };
            /** @description a JSON object */
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "streamIsOn": true,
                     *       "metadata": {
                     *         "description": null
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description left out: it cannot be changed */
                        _id?: unknown;
                        /** @description an array of at most 100 strings, or null for the default */
                        cameras?: string[] | null;
                        /** @description left out: it cannot be changed */
                        createdAt?: unknown;
                        /** @description unique COCO class ids, 0-79, or null for the default */
                        detectionClasses?: number[] | null;
                        /**
                         * @description DRONE, BODY CAM or CCTV, in any case
                         * @example DRONE
                         */
                        deviceCategory?: string;
                        /** @description a string of 1-200 characters that is not blank */
                        deviceName?: string;
                        /** @description left out: it cannot be changed */
                        deviceSerialNumber?: unknown;
                        /** @description left out: it cannot be changed */
                        id?: unknown;
                        /** @description left out: incidents have their own route */
                        incidents?: unknown;
                        /** @description true or false, or null for the default */
                        isUsingAiDetection?: boolean | null;
                        /** @description an object {alias, description}, or null for the default */
                        metadata?: {
                            /** @description a string of at most 200 characters, or null for the default */
                            alias?: string | null;
                            /** @description a string of at most 2000 characters, or null for the default */
                            description?: string | null;
                        } | null;
                        /** @description left out: it cannot be changed */
                        revision?: unknown;
                        /** @description an object {userName, password, port}, or null for the default */
                        streamCredentials?: {
                            /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                            password?: string | null;
                            /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                            port?: (number | string) | null;
                            /** @description a string of at most 200 characters, or null for the default */
                            userName?: string | null;
                        } | null;
                        /** @description true or false, or null for the default */
                        streamIsOn?: boolean | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        streamUrl?: string | null;
                        /** @description left out: it cannot be changed */
                        updatedAt?: unknown;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        webRTCUrl?: string | null;
                    };
                    /**
                     * @example {
                     *       "streamIsOn": true,
                     *       "metadata": {
                     *         "description": null
                     *       }
                     *     }
                     */
                    "application/merge-patch+json": {
                        /** @description left out: it cannot be changed */
                        _id?: unknown;
                        /** @description an array of at most 100 strings, or null for the default */
                        cameras?: string[] | null;
                        /** @description left out: it cannot be changed */
                        createdAt?: unknown;
                        /** @description unique COCO class ids, 0-79, or null for the default */
                        detectionClasses?: number[] | null;
                        /**
                         * @description DRONE, BODY CAM or CCTV, in any case
                         * @example DRONE
                         */
                        deviceCategory?: string;
                        /** @description a string of 1-200 characters that is not blank */
                        deviceName?: string;
                        /** @description left out: it cannot be changed */
                        deviceSerialNumber?: unknown;
                        /** @description left out: it cannot be changed */
                        id?: unknown;
                        /** @description left out: incidents have their own route */
                        incidents?: unknown;
                        /** @description true or false, or null for the default */
                        isUsingAiDetection?: boolean | null;
                        /** @description an object {alias, description}, or null for the default */
                        metadata?: {
                            /** @description a string of at most 200 characters, or null for the default */
                            alias?: string | null;
                            /** @description a string of at most 2000 characters, or null for the default */
                            description?: string | null;
                        } | null;
                        /** @description left out: it cannot be changed */
                        revision?: unknown;
                        /** @description an object {userName, password, port}, or null for the default */
                        streamCredentials?: {
                            /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                            password?: string | null;
                            /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                            port?: (number | string) | null;
                            /** @description a string of at most 200 characters, or null for the default */
                            userName?: string | null;
                        } | null;
                        /** @description true or false, or null for the default */
                        streamIsOn?: boolean | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        streamUrl?: string | null;
                        /** @description left out: it cannot be changed */
                        updatedAt?: unknown;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        webRTCUrl?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "_id": "6b04793ea707e9d128d4384e",
                                 *       "id": "6b04793ea707e9d128d4384e",
                                 *       "deviceSerialNumber": "DRN-0042",
                                 *       "deviceName": "Harbour 1",
                                 *       "deviceCategory": "DRONE",
                                 *       "metadata": {
                                 *         "alias": "north gate",
                                 *         "description": ""
                                 *       },
                                 *       "isUsingAiDetection": false,
                                 *       "streamIsOn": true,
                                 *       "streamUrl": "rtsp://cameras.example.com/42",
                                 *       "webRTCUrl": "",
                                 *       "streamCredentials": {
                                 *         "userName": "viewer",
                                 *         "port": "8554"
                                 *       },
                                 *       "cameras": [],
                                 *       "detectionClasses": [
                                 *         0,
                                 *         2
                                 *       ],
                                 *       "createdAt": "2026-03-01T10:00:00.000Z",
                                 *       "updatedAt": "2026-03-01T10:05:00.000Z",
                                 *       "revision": 2
                                 *     }
                                 */
                                drone: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
    "/api/v1/drones/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change up to 500 drones by the same JSON merge patch, each on its own; a result for each, in order */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description a JSON object */
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "drones": [
                     *         {
                     *           "serialNumber": "DRN-0042",
                     *           "revision": 2
                     *         },
                     *         {
                     *           "serialNumber": "DRN-0043"
                     *         }
                     *       ],
                     *       "patch": {
                     *         "streamIsOn": true
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description an array of 1-500 objects {serialNumber, revision?}, each serial number once */
                        drones: {
                            /** @description a whole number: the drone is changed only if this is its revision, else 412 */
                            revision?: number;
                            /**
                             * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                             * @example DRN-0042
                             */
                            serialNumber: string;
                        }[];
                        /**
                         * @description a JSON object
                         * @example {
                         *       "streamIsOn": true,
                         *       "metadata": {
                         *         "description": null
                         *       }
                         *     }
                         */
                        patch: {
                            /** @description left out: it cannot be changed */
                            _id?: unknown;
                            /** @description an array of at most 100 strings, or null for the default */
                            cameras?: string[] | null;
                            /** @description left out: it cannot be changed */
                            createdAt?: unknown;
                            /** @description unique COCO class ids, 0-79, or null for the default */
                            detectionClasses?: number[] | null;
                            /**
                             * @description DRONE, BODY CAM or CCTV, in any case
                             * @example DRONE
                             */
                            deviceCategory?: string;
                            /** @description a string of 1-200 characters that is not blank */
                            deviceName?: string;
                            /** @description left out: it cannot be changed */
                            deviceSerialNumber?: unknown;
                            /** @description left out: it cannot be changed */
                            id?: unknown;
                            /** @description left out: incidents have their own route */
                            incidents?: unknown;
                            /** @description true or false, or null for the default */
                            isUsingAiDetection?: boolean | null;
                            /** @description an object {alias, description}, or null for the default */
                            metadata?: {
                                /** @description a string of at most 200 characters, or null for the default */
                                alias?: string | null;
                                /** @description a string of at most 2000 characters, or null for the default */
                                description?: string | null;
                            } | null;
                            /** @description left out: it cannot be changed */
                            revision?: unknown;
                            /** @description an object {userName, password, port}, or null for the default */
                            streamCredentials?: {
                                /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                                password?: string | null;
                                /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                                port?: (number | string) | null;
                                /** @description a string of at most 200 characters, or null for the default */
                                userName?: string | null;
                            } | null;
                            /** @description true or false, or null for the default */
                            streamIsOn?: boolean | null;
                            /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                            streamUrl?: string | null;
                            /** @description left out: it cannot be changed */
                            updatedAt?: unknown;
                            /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                            webRTCUrl?: string | null;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                results: {
                                    /** @description why the drone was not changed; its `errors` point into the body of the call */
                                    problem?: {
                                        /** @description stable; for programs */
                                        code: string;
                                        /** @description for people */
                                        detail: string;
                                        errors?: {
                                            message: string;
                                            pointer: string;
                                        }[];
                                        retryAfterSeconds?: number;
                                    };
                                    /** @description the drone's after a change with status 200 */
                                    revision?: number;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    serialNumber: string;
                                    /** @description the HTTP status that a PATCH of this drone alone would have had */
                                    status: number;
                                }[];
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
    "/api/v1/drones/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register a drone; with an Idempotency-Key a retry within 24 hours answers 201 again */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description 1-255 characters that name this request for its retries */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description a JSON object */
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "deviceSerialNumber": "DRN-0042",
                     *       "deviceName": "Harbour 1",
                     *       "deviceCategory": "DRONE",
                     *       "metadata": {
                     *         "alias": "north gate"
                     *       },
                     *       "streamUrl": "rtsp://cameras.example.com/42",
                     *       "streamCredentials": {
                     *         "userName": "viewer",
                     *         "password": "of the camera",
                     *         "port": 8554
                     *       },
                     *       "detectionClasses": [
                     *         0,
                     *         2
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description an array of at most 100 strings, or null for the default */
                        cameras?: string[] | null;
                        /** @description unique COCO class ids, 0-79, or null for the default */
                        detectionClasses?: number[] | null;
                        /**
                         * @description DRONE, BODY CAM or CCTV, in any case
                         * @example DRONE
                         */
                        deviceCategory: string;
                        /** @description a string of 1-200 characters that is not blank */
                        deviceName: string;
                        /**
                         * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                         * @example DRN-0042
                         * @example AC:CC:8E:0F:12:34
                         */
                        deviceSerialNumber: string;
                        /** @description true or false, or null for the default */
                        isUsingAiDetection?: boolean | null;
                        /** @description an object {alias, description}, or null for the default */
                        metadata?: {
                            /** @description a string of at most 200 characters, or null for the default */
                            alias?: string | null;
                            /** @description a string of at most 2000 characters, or null for the default */
                            description?: string | null;
                        } | null;
                        /** @description an object {userName, password, port}, or null for the default */
                        streamCredentials?: {
                            /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                            password?: string | null;
                            /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                            port?: (number | string) | null;
                            /** @description a string of at most 200 characters, or null for the default */
                            userName?: string | null;
                        } | null;
                        /** @description true or false, or null for the default */
                        streamIsOn?: boolean | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        streamUrl?: string | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        webRTCUrl?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "_id": "6b04793ea707e9d128d4384e",
                                 *       "id": "6b04793ea707e9d128d4384e",
                                 *       "deviceSerialNumber": "DRN-0042",
                                 *       "deviceName": "Harbour 1",
                                 *       "deviceCategory": "DRONE",
                                 *       "metadata": {
                                 *         "alias": "north gate",
                                 *         "description": ""
                                 *       },
                                 *       "isUsingAiDetection": false,
                                 *       "streamIsOn": true,
                                 *       "streamUrl": "rtsp://cameras.example.com/42",
                                 *       "webRTCUrl": "",
                                 *       "streamCredentials": {
                                 *         "userName": "viewer",
                                 *         "port": "8554"
                                 *       },
                                 *       "cameras": [],
                                 *       "detectionClasses": [
                                 *         0,
                                 *         2
                                 *       ],
                                 *       "createdAt": "2026-03-01T10:00:00.000Z",
                                 *       "updatedAt": "2026-03-01T10:05:00.000Z",
                                 *       "revision": 2
                                 *     }
                                 */
                                drone: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        };
        /** Read a drone; its stream password too with the scope credentials:read */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-none-match"?: string;
                };
                path: {
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "_id": "6b04793ea707e9d128d4384e",
                                 *       "id": "6b04793ea707e9d128d4384e",
                                 *       "deviceSerialNumber": "DRN-0042",
                                 *       "deviceName": "Harbour 1",
                                 *       "deviceCategory": "DRONE",
                                 *       "metadata": {
                                 *         "alias": "north gate",
                                 *         "description": ""
                                 *       },
                                 *       "isUsingAiDetection": false,
                                 *       "streamIsOn": true,
                                 *       "streamUrl": "rtsp://cameras.example.com/42",
                                 *       "webRTCUrl": "",
                                 *       "streamCredentials": {
                                 *         "userName": "viewer",
                                 *         "port": "8554"
                                 *       },
                                 *       "cameras": [],
                                 *       "detectionClasses": [
                                 *         0,
                                 *         2
                                 *       ],
                                 *       "createdAt": "2026-03-01T10:00:00.000Z",
                                 *       "updatedAt": "2026-03-01T10:05:00.000Z",
                                 *       "revision": 2
                                 *     }
                                 */
                                drone: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Default Response */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        /** Delete a drone; its incidents stay */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-match"?: string;
                };
                path: {
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        head?: never;
        /** Change a drone by JSON merge patch (RFC 7396) */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description * or a list of entity tags in double quotes, at most 8192 characters
                     * @example "6b04793ea707e9d128d4384e-2"
                     */
                    "if-match"?: string;
                };
                path: {
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn: string;
                };
                cookie?: never;
            };
            /** @description a JSON object */
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "streamIsOn": true,
                     *       "metadata": {
                     *         "description": null
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description left out: it cannot be changed */
                        _id?: unknown;
                        /** @description an array of at most 100 strings, or null for the default */
                        cameras?: string[] | null;
                        /** @description left out: it cannot be changed */
                        createdAt?: unknown;
                        /** @description unique COCO class ids, 0-79, or null for the default */
                        detectionClasses?: number[] | null;
                        /**
                         * @description DRONE, BODY CAM or CCTV, in any case
                         * @example DRONE
                         */
                        deviceCategory?: string;
                        /** @description a string of 1-200 characters that is not blank */
                        deviceName?: string;
                        /** @description left out: it cannot be changed */
                        deviceSerialNumber?: unknown;
                        /** @description left out: it cannot be changed */
                        id?: unknown;
                        /** @description left out: incidents have their own route */
                        incidents?: unknown;
                        /** @description true or false, or null for the default */
                        isUsingAiDetection?: boolean | null;
                        /** @description an object {alias, description}, or null for the default */
                        metadata?: {
                            /** @description a string of at most 200 characters, or null for the default */
                            alias?: string | null;
                            /** @description a string of at most 2000 characters, or null for the default */
                            description?: string | null;
                        } | null;
                        /** @description left out: it cannot be changed */
                        revision?: unknown;
                        /** @description an object {userName, password, port}, or null for the default */
                        streamCredentials?: {
                            /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                            password?: string | null;
                            /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                            port?: (number | string) | null;
                            /** @description a string of at most 200 characters, or null for the default */
                            userName?: string | null;
                        } | null;
                        /** @description true or false, or null for the default */
                        streamIsOn?: boolean | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        streamUrl?: string | null;
                        /** @description left out: it cannot be changed */
                        updatedAt?: unknown;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        webRTCUrl?: string | null;
                    };
                    /**
                     * @example {
                     *       "streamIsOn": true,
                     *       "metadata": {
                     *         "description": null
                     *       }
                     *     }
                     */
                    "application/merge-patch+json": {
                        /** @description left out: it cannot be changed */
                        _id?: unknown;
                        /** @description an array of at most 100 strings, or null for the default */
                        cameras?: string[] | null;
                        /** @description left out: it cannot be changed */
                        createdAt?: unknown;
                        /** @description unique COCO class ids, 0-79, or null for the default */
                        detectionClasses?: number[] | null;
                        /**
                         * @description DRONE, BODY CAM or CCTV, in any case
                         * @example DRONE
                         */
                        deviceCategory?: string;
                        /** @description a string of 1-200 characters that is not blank */
                        deviceName?: string;
                        /** @description left out: it cannot be changed */
                        deviceSerialNumber?: unknown;
                        /** @description left out: it cannot be changed */
                        id?: unknown;
                        /** @description left out: incidents have their own route */
                        incidents?: unknown;
                        /** @description true or false, or null for the default */
                        isUsingAiDetection?: boolean | null;
                        /** @description an object {alias, description}, or null for the default */
                        metadata?: {
                            /** @description a string of at most 200 characters, or null for the default */
                            alias?: string | null;
                            /** @description a string of at most 2000 characters, or null for the default */
                            description?: string | null;
                        } | null;
                        /** @description left out: it cannot be changed */
                        revision?: unknown;
                        /** @description an object {userName, password, port}, or null for the default */
                        streamCredentials?: {
                            /** @description a string of at most 200 characters that does not start with sealed:1:, or null for the default */
                            password?: string | null;
                            /** @description a TCP port, 1-65535, as a number or as text, or null for the default */
                            port?: (number | string) | null;
                            /** @description a string of at most 200 characters, or null for the default */
                            userName?: string | null;
                        } | null;
                        /** @description true or false, or null for the default */
                        streamIsOn?: boolean | null;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        streamUrl?: string | null;
                        /** @description left out: it cannot be changed */
                        updatedAt?: unknown;
                        /** @description a string of at most 2048 characters that does not start with sealed:1:, or null for the default */
                        webRTCUrl?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "_id": "6b04793ea707e9d128d4384e",
                                 *       "id": "6b04793ea707e9d128d4384e",
                                 *       "deviceSerialNumber": "DRN-0042",
                                 *       "deviceName": "Harbour 1",
                                 *       "deviceCategory": "DRONE",
                                 *       "metadata": {
                                 *         "alias": "north gate",
                                 *         "description": ""
                                 *       },
                                 *       "isUsingAiDetection": false,
                                 *       "streamIsOn": true,
                                 *       "streamUrl": "rtsp://cameras.example.com/42",
                                 *       "webRTCUrl": "",
                                 *       "streamCredentials": {
                                 *         "userName": "viewer",
                                 *         "port": "8554"
                                 *       },
                                 *       "cameras": [],
                                 *       "detectionClasses": [
                                 *         0,
                                 *         2
                                 *       ],
                                 *       "createdAt": "2026-03-01T10:00:00.000Z",
                                 *       "updatedAt": "2026-03-01T10:05:00.000Z",
                                 *       "revision": 2
                                 *     }
                                 */
                                drone: {
                                    /** @description 24 hex digits */
                                    _id: string;
                                    cameras: string[];
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description unique COCO class ids, 0-79 */
                                    detectionClasses: number[];
                                    /** @description DRONE, BODY CAM or CCTV */
                                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                                    deviceName: string;
                                    /**
                                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                                     * @example DRN-0042
                                     */
                                    deviceSerialNumber: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    isUsingAiDetection: boolean;
                                    metadata: {
                                        alias: string;
                                        description: string;
                                    };
                                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                                    revision: number;
                                    streamCredentials: {
                                        password?: string;
                                        /** @description TCP port as text */
                                        port: string;
                                        userName: string;
                                    };
                                    streamIsOn: boolean;
                                    streamUrl: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    webRTCUrl: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        };
        /** Incidents of one drone, newest first; also after the drone is deleted */
        get: {
            parameters: {
                query?: {
                    /** @description a COCO class id, 0-79 */
                    classId?: number;
                    /** @description `nextCursor` of an earlier page */
                    cursor?: string;
                    /** @description an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999 */
                    from?: string;
                    /** @description a whole number from 1 to 1000 */
                    limit?: number;
                    /** @description an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999 */
                    to?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                incidents: {
                                    /** @description altitude in metres */
                                    altitude?: number;
                                    /**
                                     * Format: date-time
                                     * @description by the detector; else the time of receipt
                                     */
                                    capturedAt: string;
                                    /** @description a COCO class id, 0-79 */
                                    classId?: number;
                                    confidence?: number;
                                    /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                                    coordinates?: {
                                        coordinates: [
                                            number,
                                            number
                                        ];
                                        /** @enum {string} */
                                        type: "Point";
                                    };
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    imageUrl: string;
                                    label?: string;
                                    /** @description [x, y, width, height] in pixels */
                                    objectBBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    /**
                                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                                     * @example DRN-0042
                                     */
                                    serialNumber: string;
                                }[];
                            };
                            /** @description present when there is more, and only then */
                            nextCursor?: string;
                            /** @description number of items on this page; it may be smaller than `limit`, since a page ends at about 1 MiB */
                            results: number;
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        /** Report what a detector saw */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description 1-255 characters that name this request for its retries */
                    "idempotency-key"?: string;
                };
                path: {
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn: string;
                };
                cookie?: never;
            };
            /** @description a JSON object */
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "imageUrl": "https://images.example.com/42/7.jpg",
                     *       "coordinates": {
                     *         "type": "Point",
                     *         "coordinates": [
                     *           8.54,
                     *           47.37,
                     *           120.5
                     *         ]
                     *       },
                     *       "objectBBox": [
                     *         120,
                     *         80,
                     *         64,
                     *         128
                     *       ],
                     *       "classId": 0,
                     *       "label": "person",
                     *       "confidence": 0.91,
                     *       "capturedAt": "2026-03-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @description altitude in metres */
                        altitude?: number;
                        /**
                         * Format: date-time
                         * @description an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999
                         */
                        capturedAt?: string;
                        /** @description a COCO class id, 0-79 */
                        classId?: number;
                        /** @description a number from 0 to 1 */
                        confidence?: number;
                        /** @description a GeoJSON Point */
                        coordinates?: {
                            /** @description [longitude, latitude] or [longitude, latitude, altitude] */
                            coordinates: [
                                number,
                                number
                            ] | [
                                number,
                                number,
                                number
                            ];
                            /** @enum {string} */
                            type: "Point";
                        };
                        /**
                         * Format: uri
                         * @description an http or https URL
                         */
                        imageUrl: string;
                        /** @description a string of at most 200 characters */
                        label?: string;
                        /** @description [x, y, width, height] in pixels */
                        objectBBox: [
                            number,
                            number,
                            number,
                            number
                        ];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "id": "6b04793ea707e9d128d4384f",
                                 *       "serialNumber": "DRN-0042",
                                 *       "imageUrl": "https://images.example.com/42/7.jpg",
                                 *       "coordinates": {
                                 *         "type": "Point",
                                 *         "coordinates": [
                                 *           8.54,
                                 *           47.37
                                 *         ]
                                 *       },
                                 *       "altitude": 120.5,
                                 *       "objectBBox": [
                                 *         120,
                                 *         80,
                                 *         64,
                                 *         128
                                 *       ],
                                 *       "classId": 0,
                                 *       "label": "person",
                                 *       "confidence": 0.91,
                                 *       "capturedAt": "2026-03-01T10:00:00.000Z",
                                 *       "createdAt": "2026-03-01T10:00:00.250Z"
                                 *     }
                                 */
                                incident: {
                                    /** @description altitude in metres */
                                    altitude?: number;
                                    /**
                                     * Format: date-time
                                     * @description by the detector; else the time of receipt
                                     */
                                    capturedAt: string;
                                    /** @description a COCO class id, 0-79 */
                                    classId?: number;
                                    confidence?: number;
                                    /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                                    coordinates?: {
                                        coordinates: [
                                            number,
                                            number
                                        ];
                                        /** @enum {string} */
                                        type: "Point";
                                    };
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    imageUrl: string;
                                    label?: string;
                                    /** @description [x, y, width, height] in pixels */
                                    objectBBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    /**
                                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                                     * @example DRN-0042
                                     */
                                    serialNumber: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        };
        /** Incidents of the fleet, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description a COCO class id, 0-79 */
                    classId?: number;
                    /** @description `nextCursor` of an earlier page */
                    cursor?: string;
                    /** @description an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999 */
                    from?: string;
                    /** @description a whole number from 1 to 1000 */
                    limit?: number;
                    /**
                     * @description a serial number: 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved. Older data may have others
                     * @example DRN-0042
                     */
                    sn?: string;
                    /** @description an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999 */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                incidents: {
                                    /** @description altitude in metres */
                                    altitude?: number;
                                    /**
                                     * Format: date-time
                                     * @description by the detector; else the time of receipt
                                     */
                                    capturedAt: string;
                                    /** @description a COCO class id, 0-79 */
                                    classId?: number;
                                    confidence?: number;
                                    /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                                    coordinates?: {
                                        coordinates: [
                                            number,
                                            number
                                        ];
                                        /** @enum {string} */
                                        type: "Point";
                                    };
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** @description 24 hex digits */
                                    id: string;
                                    imageUrl: string;
                                    label?: string;
                                    /** @description [x, y, width, height] in pixels */
                                    objectBBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    /**
                                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                                     * @example DRN-0042
                                     */
                                    serialNumber: string;
                                }[];
                            };
                            /** @description present when there is more, and only then */
                            nextCursor?: string;
                            /** @description number of items on this page; it may be smaller than `limit`, since a page ends at about 1 MiB */
                            results: number;
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
        put?: never;
        /** Announce something to every client; with an Idempotency-Key once within 24 hours */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description 1-255 characters that name this request for its retries */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "message": "Storm from the west: land by 18:00",
                     *       "level": "warning"
                     *     }
                     */
                    "application/json": {
                        /** @description a JSON object */
                        data?: {
                            [key: string]: unknown;
                        };
                        /** @description info, warning, error, critical */
                        level: "info" | "warning" | "error" | "critical";
                        /** @description 1-4096 characters, not blank */
                        message: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @example {
                                 *       "message": "Storm from the west: land by 18:00",
                                 *       "level": "warning"
                                 *     }
                                 */
                                broadcast: {
                                    /** @description a JSON object */
                                    data?: {
                                        [key: string]: unknown;
                                    };
                                    /** @description info, warning, error, critical */
                                    level: "info" | "warning" | "error" | "critical";
                                    /** @description 1-4096 characters, not blank */
                                    message: string;
                                };
                            };
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
    "/api/v1/system/broadcasts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last broadcasts as they were sent, newest first: at most 100 and 1 MiB */
        get: {
            parameters: {
                query?: {
                    /** @description a whole number from 1 to 100 */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                broadcasts: {
                                    /**
                                     * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
                                     * @example operator-7
                                     */
                                    actor?: string;
                                    /** @enum {string} */
                                    channel: "system:broadcast";
                                    data: {
                                        /** @description a JSON object */
                                        data?: {
                                            [key: string]: unknown;
                                        };
                                        /** @description info, warning, error, critical */
                                        level: "info" | "warning" | "error" | "critical";
                                        /** @description 1-4096 characters, not blank */
                                        message: string;
                                    };
                                    /** @enum {string} */
                                    event: "system.broadcast";
                                    /** @description opaque cursor of this event */
                                    id: string;
                                    /**
                                     * Format: date-time
                                     * @description the commit's time
                                     */
                                    timestamp: string;
                                    /** @description of the change, where traces are on (W3C Trace Context) */
                                    traceparent?: string;
                                    /** @enum {string} */
                                    type: "system:event";
                                }[];
                            };
                            /** @description number of broadcasts in this answer */
                            results: number;
                            /** @enum {string} */
                            status: "success";
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Problem details (RFC 9457) */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description stable; for programs */
                            code: string;
                            /** @description for people */
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
                /** @description Default Response */
                200: {
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
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog?: {
                                /** @description drones with events that the bus does not have yet */
                                drones: number;
                                /** @description milliseconds */
                                oldestAgeMs: number;
                            };
                            /** @description what is away, such as redis, or redis memory when Redis has none left, or mongodb unique serial numbers */
                            missing: string[];
                            /** @description serial numbers that more than one document has, at most 10: writes wait until all but one of each are deleted or renumbered */
                            sharedSerialNumbers?: {
                                /** @description their _ids, at most 10 */
                                documents: string[];
                                serialNumber: string;
                            }[];
                            /** @description ready, degraded (the bus is away or full: writes go on), unavailable or draining */
                            status: string;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog?: {
                                /** @description drones with events that the bus does not have yet */
                                drones: number;
                                /** @description milliseconds */
                                oldestAgeMs: number;
                            };
                            /** @description what is away, such as redis, or redis memory when Redis has none left, or mongodb unique serial numbers */
                            missing: string[];
                            /** @description serial numbers that more than one document has, at most 10: writes wait until all but one of each are deleted or renumbered */
                            sharedSerialNumbers?: {
                                /** @description their _ids, at most 10 */
                                documents: string[];
                                serialNumber: string;
                            }[];
                            /** @description ready, degraded (the bus is away or full: writes go on), unavailable or draining */
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
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Drone: {
            cameras: string[];
            /** Format: date-time */
            createdAt: string;
            /** @description unique COCO class ids, 0-79 */
            detectionClasses: number[];
            /** @description DRONE, BODY CAM or CCTV */
            deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
            deviceName: string;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            deviceSerialNumber: string;
            /** @description 24 hex digits */
            id: string;
            isUsingAiDetection: boolean;
            metadata: {
                alias: string;
                description: string;
            };
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            streamIsOn: boolean;
            streamUrl: string;
            /** Format: date-time */
            updatedAt: string;
            webRTCUrl: string;
        };
        "drone.ai.detection.toggled": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:ai
             * @example drone:DRN-0042:ai
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:ai
             */
            channel: string;
            data: {
                /** @description unique COCO class ids, 0-79 */
                detectionClasses: number[];
                /** @description 24 hex digits */
                droneId: string;
                isUsingAiDetection: boolean;
                previousStatus: boolean;
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.ai.detection.toggled";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.created": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:created
             * @example drone:DRN-0042:created
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:created
             */
            channel: string;
            data: {
                /** @description 24 hex digits */
                droneId: string;
                full: {
                    cameras: string[];
                    /** Format: date-time */
                    createdAt: string;
                    /** @description unique COCO class ids, 0-79 */
                    detectionClasses: number[];
                    /** @description DRONE, BODY CAM or CCTV */
                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                    deviceName: string;
                    /**
                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                     * @example DRN-0042
                     */
                    deviceSerialNumber: string;
                    /** @description 24 hex digits */
                    id: string;
                    isUsingAiDetection: boolean;
                    metadata: {
                        alias: string;
                        description: string;
                    };
                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                    revision: number;
                    streamIsOn: boolean;
                    streamUrl: string;
                    /** Format: date-time */
                    updatedAt: string;
                    webRTCUrl: string;
                };
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.created";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.deleted": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:deleted
             * @example drone:DRN-0042:deleted
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:deleted
             */
            channel: string;
            data: {
                /** @description 24 hex digits */
                droneId: string;
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.deleted";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.detection.classes.changed": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:config
             * @example drone:DRN-0042:config
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:config
             */
            channel: string;
            data: {
                /** @description unique COCO class ids, 0-79 */
                detectionClasses: number[];
                /** @description 24 hex digits */
                droneId: string;
                /** @description unique COCO class ids, 0-79 */
                previousClasses: number[];
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.detection.classes.changed";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.incident.detected": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:incident
             * @example drone:DRN-0042:incident
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:incident
             */
            channel: string;
            data: {
                /** @description 24 hex digits */
                droneId: string;
                /**
                 * @example {
                 *       "id": "6b04793ea707e9d128d4384f",
                 *       "serialNumber": "DRN-0042",
                 *       "imageUrl": "https://images.example.com/42/7.jpg",
                 *       "coordinates": {
                 *         "type": "Point",
                 *         "coordinates": [
                 *           8.54,
                 *           47.37
                 *         ]
                 *       },
                 *       "altitude": 120.5,
                 *       "objectBBox": [
                 *         120,
                 *         80,
                 *         64,
                 *         128
                 *       ],
                 *       "classId": 0,
                 *       "label": "person",
                 *       "confidence": 0.91,
                 *       "capturedAt": "2026-03-01T10:00:00.000Z",
                 *       "createdAt": "2026-03-01T10:00:00.250Z"
                 *     }
                 */
                incident: {
                    /** @description altitude in metres */
                    altitude?: number;
                    /**
                     * Format: date-time
                     * @description by the detector; else the time of receipt
                     */
                    capturedAt: string;
                    /** @description a COCO class id, 0-79 */
                    classId?: number;
                    confidence?: number;
                    /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
                    coordinates?: {
                        coordinates: [
                            number,
                            number
                        ];
                        /** @constant */
                        type: "Point";
                    };
                    /** Format: date-time */
                    createdAt: string;
                    /** @description 24 hex digits */
                    id: string;
                    imageUrl: string;
                    label?: string;
                    /** @description [x, y, width, height] in pixels */
                    objectBBox: [
                        number,
                        number,
                        number,
                        number
                    ];
                    /**
                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                     * @example DRN-0042
                     */
                    serialNumber: string;
                };
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.incident.detected";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.stream.status": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:stream
             * @example drone:DRN-0042:stream
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:stream
             */
            channel: string;
            data: {
                /** @description 24 hex digits */
                droneId: string;
                previousStatus: boolean;
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
                streamIsOn: boolean;
                streamUrl: string;
            };
            /** @constant */
            event: "drone.stream.status";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        "drone.updated": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /**
             * @description drone:{serialNumber, percent-encoded}:updated
             * @example drone:DRN-0042:updated
             * @example drone:AC%3ACC%3A8E%3A0F%3A12%3A34:updated
             */
            channel: string;
            data: {
                changes: {
                    cameras?: string[];
                    /** @description unique COCO class ids, 0-79 */
                    detectionClasses?: number[];
                    /** @description DRONE, BODY CAM or CCTV */
                    deviceCategory?: "DRONE" | "BODY CAM" | "CCTV";
                    deviceName?: string;
                    isUsingAiDetection?: boolean;
                    metadata?: {
                        alias?: string;
                        description?: string;
                    };
                    /** @constant */
                    streamCredentials?: "[redacted]";
                    streamIsOn?: boolean;
                    streamUrl?: string;
                    webRTCUrl?: string;
                };
                /** @description 24 hex digits */
                droneId: string;
                full: {
                    cameras: string[];
                    /** Format: date-time */
                    createdAt: string;
                    /** @description unique COCO class ids, 0-79 */
                    detectionClasses: number[];
                    /** @description DRONE, BODY CAM or CCTV */
                    deviceCategory: "DRONE" | "BODY CAM" | "CCTV";
                    deviceName: string;
                    /**
                     * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                     * @example DRN-0042
                     */
                    deviceSerialNumber: string;
                    /** @description 24 hex digits */
                    id: string;
                    isUsingAiDetection: boolean;
                    metadata: {
                        alias: string;
                        description: string;
                    };
                    /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
                    revision: number;
                    streamIsOn: boolean;
                    streamUrl: string;
                    /** Format: date-time */
                    updatedAt: string;
                    webRTCUrl: string;
                };
                previous: {
                    cameras?: string[];
                    /** @description unique COCO class ids, 0-79 */
                    detectionClasses?: number[];
                    /** @description DRONE, BODY CAM or CCTV */
                    deviceCategory?: "DRONE" | "BODY CAM" | "CCTV";
                    deviceName?: string;
                    isUsingAiDetection?: boolean;
                    metadata?: {
                        alias?: string;
                        description?: string;
                    };
                    /** @constant */
                    streamCredentials?: "[redacted]";
                    streamIsOn?: boolean;
                    streamUrl?: string;
                    webRTCUrl?: string;
                };
                /**
                 * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
                 * @example DRN-0042
                 */
                serialNumber: string;
            };
            /** @constant */
            event: "drone.updated";
            /** @description opaque cursor of this event */
            id: string;
            /** @description 1 on register, +1 per effective change; 0 for a drone that an older service wrote */
            revision: number;
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "drone:event";
        };
        /**
         * @example {
         *       "id": "6b04793ea707e9d128d4384f",
         *       "serialNumber": "DRN-0042",
         *       "imageUrl": "https://images.example.com/42/7.jpg",
         *       "coordinates": {
         *         "type": "Point",
         *         "coordinates": [
         *           8.54,
         *           47.37
         *         ]
         *       },
         *       "altitude": 120.5,
         *       "objectBBox": [
         *         120,
         *         80,
         *         64,
         *         128
         *       ],
         *       "classId": 0,
         *       "label": "person",
         *       "confidence": 0.91,
         *       "capturedAt": "2026-03-01T10:00:00.000Z",
         *       "createdAt": "2026-03-01T10:00:00.250Z"
         *     }
         */
        Incident: {
            /** @description altitude in metres */
            altitude?: number;
            /**
             * Format: date-time
             * @description by the detector; else the time of receipt
             */
            capturedAt: string;
            /** @description a COCO class id, 0-79 */
            classId?: number;
            confidence?: number;
            /** @description GeoJSON Point (RFC 7946): [longitude, latitude] */
            coordinates?: {
                coordinates: [
                    number,
                    number
                ];
                /** @constant */
                type: "Point";
            };
            /** Format: date-time */
            createdAt: string;
            /** @description 24 hex digits */
            id: string;
            imageUrl: string;
            label?: string;
            /** @description [x, y, width, height] in pixels */
            objectBBox: [
                number,
                number,
                number,
                number
            ];
            /**
             * @description 1-64 letters, digits, '.', '_', '-', ':', '/', '@', '+', '#' and single spaces, with a letter or digit first and last; 'all' is reserved
             * @example DRN-0042
             */
            serialNumber: string;
        };
        Kind: "created" | "updated" | "deleted" | "stream" | "ai" | "config" | "incident" | "system";
        RelayFrame: {
            data: {
                clientId: string;
                /** @description opaque; hand it back as `since` */
                cursor: string;
                /** @description milliseconds between two heartbeats */
                heartbeatMs: number;
                resumed: boolean;
            };
            /** @constant */
            event: "relay.connected";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description opaque; hand it back as `since` */
                cursor: string;
                /** @description event kinds; empty is none */
                events: ("created" | "updated" | "deleted" | "stream" | "ai" | "config" | "incident" | "system")[];
                /** @description serials and `abc*` prefixes; `*` is every drone, empty none */
                sn: string[];
            };
            /** @constant */
            event: "relay.subscribed";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description opaque; hand it back as `since` */
                cursor: string;
            };
            /** @constant */
            event: "relay.heartbeat";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description opaque; hand it back as `since` */
                cursor: string;
            };
            /** @constant */
            event: "relay.pong";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description opaque; hand it back as `since` */
                cursor: string;
                reason: string;
            };
            /** @constant */
            event: "relay.gap";
            /** @constant */
            type: "relay";
        } | {
            data: {
                retryAfterMs: number;
            };
            /** @constant */
            event: "relay.draining";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description milliseconds until the socket is closed */
                expiresInMs: number;
            };
            /** @constant */
            event: "relay.expiring";
            /** @constant */
            type: "relay";
        } | {
            data: {
                /** @description milliseconds; absent when access never ends */
                expiresInMs?: number;
            };
            /** @constant */
            event: "relay.authenticated";
            /** @constant */
            type: "relay";
        } | {
            data: {
                code: "malformed_json" | "invalid_action" | "invalid_filter" | "forbidden" | "invalid_token" | "unavailable";
                message: string;
                /** @description what is forbidden */
                sn?: string[];
            };
            /** @constant */
            event: "relay.error";
            /** @constant */
            type: "relay";
        };
        "system.broadcast": {
            /**
             * @description the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it
             * @example operator-7
             */
            actor?: string;
            /** @constant */
            channel: "system:broadcast";
            data: {
                /** @description a JSON object */
                data?: {
                    [key: string]: unknown;
                };
                /** @description info, warning, error, critical */
                level: "info" | "warning" | "error" | "critical";
                /** @description 1-4096 characters, not blank */
                message: string;
            };
            /** @constant */
            event: "system.broadcast";
            /** @description opaque cursor of this event */
            id: string;
            /**
             * Format: date-time
             * @description the commit's time
             */
            timestamp: string;
            /** @description of the change, where traces are on (W3C Trace Context) */
            traceparent?: string;
            /** @constant */
            type: "system:event";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
