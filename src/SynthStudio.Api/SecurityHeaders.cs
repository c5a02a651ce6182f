namespace SynthStudio.Api;

/// <summary>
/// Headers of everything that a browser may be shown: nothing is guessed from bytes, framed, run, kept in caches or told to other sites. Calls of gRPC
/// itself, which no browser can make, go without.
/// </summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        if (!IsGrpc(http.Request.ContentType))
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
        }

        return next(http);
    });

    private static bool IsGrpc(string? contentType) => contentType is not null
        && contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) && !contentType.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase);
}
