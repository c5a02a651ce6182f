using Microsoft.AspNetCore.Cors.Infrastructure;

namespace SynthStudio.Api;

/// <summary>Lets pages of the allowed origins call the API by gRPC-Web and JSON. Credentials are in headers, so cookies are never allowed.</summary>
internal static class BrowserAccess
{
    /// <summary>What a client in a browser must be able to read of an answer: gRPC-Web's own, what names a file, and when to try again.</summary>
    private static readonly string[] Exposed =
        ["grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "grpc-accept-encoding", "content-disposition", "retry-after"];

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    public static void Allow(CorsPolicyBuilder policy, ApiOptions options)
    {
        if (options.AllowedOrigins.Contains("*")) policy.AllowAnyOrigin();
        else policy.WithOrigins([.. options.AllowedOrigins]);
        policy.AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightLifetime);
    }
}
