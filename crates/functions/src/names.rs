//! The names of all functions of DQL, those that are not supported yet included: so that a gap of ours is told from a
//! misspelt name.

/// Every function name of the language, canonical spelling, in order.
#[rustfmt::skip]
pub const NAMES: &[&str] = &[
    "abs", "acos", "array", "arrayAvg", "arrayConcat", "arrayCumulativeSum", "arrayDelta",
    "arrayDiff", "arrayDistinct", "arrayElement", "arrayFirst", "arrayFlatten", "arrayIndexOf",
    "arrayLast", "arrayLastIndexOf", "arrayMax", "arrayMedian", "arrayMin", "arrayMovingAvg",
    "arrayMovingMax", "arrayMovingMin", "arrayMovingSum", "arrayPercentile", "arrayRemoveNulls",
    "arrayReverse", "arraySize", "arraySlice", "arraySort", "arraySum", "arrayToString", "asArray",
    "asBinary", "asBoolean", "asDouble", "asDuration", "asGeopoint", "asin", "asIp", "asLong",
    "asNumber", "asRecord", "asSmartscapeId", "asString", "asTimeframe", "asTimestamp", "asUid",
    "atan", "atan2", "avg", "bin", "bitwiseAnd", "bitwiseCountOnes", "bitwiseNot", "bitwiseOr",
    "bitwiseShiftLeft", "bitwiseShiftRight", "bitwiseXor", "cbrt", "ceil", "classicEntitySelector",
    "coalesce", "collectArray", "collectDistinct", "concat", "contains", "correlation", "cos",
    "cosh", "count", "countDistinct", "countDistinctApprox", "countDistinctExact", "countIf",
    "decodeBase16ToBinary", "decodeBase16ToString", "decodeBase64ToBinary", "decodeBase64ToString",
    "decodeUrl", "degreeToRadian", "duration", "e", "encodeBase16", "encodeBase64", "encodeUrl",
    "end", "endsWith", "entityAttr", "entityName", "escape", "exists", "exp", "floor", "forecast",
    "formatTimestamp", "getCharacter", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getEnd",
    "getHighBits", "getHour", "getLowBits", "getMinute", "getMonth", "getNodeField", "getNodeName",
    "getRecordField", "getSecond", "getStart", "getWeekOfYear", "getYear", "hashCrc32", "hashMd5",
    "hashSha1", "hashSha256", "hashSha512", "hashXxHash32", "hashXxHash64", "hexStringToNumber",
    "hypotenuse", "iAny", "iAvg", "iCollectArray", "if", "iIndex", "iMax", "iMin", "impute", "in",
    "indexOf", "ip", "ipIn", "ipIsLinkLocal", "ipIsLoopback", "ipIsPrivate", "ipIsPublic",
    "ipMask", "isFalseOrNull", "isFinite", "isInfinite", "isIp", "isIpV4", "isIpV6", "isNaN",
    "isNotNull", "isNull", "isTrueOrNull", "isUid128", "isUid64", "iSum", "isUuid", "jsonField",
    "jsonPath", "lastIndexOf", "levenshteinDistance", "like", "log", "log10", "log1p", "lookup",
    "lower", "matchesPattern", "matchesPhrase", "matchesRegex", "matchesValue", "max", "median",
    "min", "now", "numberToHexString", "parse", "parseAll", "percentile", "percentileFromSamples",
    "percentiles", "percentRank", "pi", "power", "punctuation", "radianToDegree", "random",
    "range", "record", "replacePattern", "replaceString", "round", "signum", "sin", "sinh",
    "smartscapeId", "splitByPattern", "splitString", "sqrt", "start", "startsWith", "stddev",
    "stringLength", "substring", "sum", "takeAny", "takeFirst", "takeLast", "takeMax", "takeMin",
    "tan", "tanh", "timeframe", "timestamp", "timestampFromUnixMillis", "timestampFromUnixNanos",
    "timestampFromUnixSeconds", "toArray", "toBoolean", "toDouble", "toDuration", "toGeopoint",
    "toIp", "toLong", "toSmartscapeId", "toString", "toTimeframe", "toTimestamp", "toUid",
    "toVariant", "trim", "type", "uid128", "uid64", "unescape", "unescapeHtml",
    "unixMillisFromTimestamp", "unixNanosFromTimestamp", "unixSecondsFromTimestamp", "upper",
    "uuid", "variance", "vectorCosineDistance", "vectorInnerProductDistance", "vectorL1Distance",
    "vectorL2Distance",
];

/// The functions that Dynatrace has deprecated, and what to use instead.
pub const DEPRECATED: &[(&str, &str)] = &[
    (
        "matchesRegex",
        "matchesPattern(…) takes a DPL pattern, matchesValue(…) a text with wildcards",
    ),
    ("toVariant", "it gives its value as it is: leave it out"),
];

/// The functions that ask Dynatrace's store of entities.
pub const TOPOLOGY: &[&str] = &[
    "classicEntitySelector",
    "entityAttr",
    "entityName",
    "getNodeField",
    "getNodeName",
];

/// The functions whose algorithm Dynatrace has not published, and what to do instead.
pub const UNPUBLISHED: &[(&str, &str)] = &[
    (
        "forecast",
        "export the series with --format json, and forecast it with a tool of your choice",
    ),
    (
        "impute",
        "`makeTimeseries …, default:` fills buckets without a value with one that you choose",
    ),
];

/// Old spellings of functions, which still stand in queries.
pub const ALIASES: &[(&str, &str)] = &[("asIpAddress", "asIp"), ("toIpAddress", "toIp")];
