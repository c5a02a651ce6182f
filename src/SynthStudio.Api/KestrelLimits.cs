using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SynthStudio.Api;

/// <summary>What one connection may take of the server, before any call is known.</summary>
public static class KestrelLimits
{
    /// <summary>Most bytes of a body over HTTP/1.1: a chunk of an upload and what is around it, in base 64 where gRPC-Web wants text.</summary>
    private const long BodyBytes = (ApiLimits.ChunkBytes * 4L / 3) + (64 << 10);

    private const int HeaderBytes = 32 << 10;

    /// <summary>A caller that does not answer so long is gone, and its streams with it.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30), PingTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(15);

    /// <summary>Sets the limits.</summary>
    public static void Apply(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections > 0 ? options.MaxConnections : null;
        limits.MaxRequestBodySize = BodyBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.RequestHeadersTimeout = HeaderTime;
        limits.MinRequestBodyDataRate = new MinDataRate(options.LeastBytesPerSecond, options.SlowGrace);
        limits.Http2.KeepAlivePingDelay = PingDelay;
        limits.Http2.KeepAlivePingTimeout = PingTimeout;

        // An upload is one stream: with the default windows it waits for the server after every 768 KiB.
        limits.Http2.InitialConnectionWindowSize = 16 << 20;
        limits.Http2.InitialStreamWindowSize = 8 << 20;
    }
}
