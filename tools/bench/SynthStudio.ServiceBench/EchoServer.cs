using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SynthStudio.ServiceBench;

/// <summary>A bare gRPC server: no authentication, no grains, no interceptors.</summary>
internal sealed class EchoServer : EchoService.EchoServiceBase
{
    public override Task<EchoMessage> Echo(EchoMessage request, ServerCallContext context) => Task.FromResult(request);

    /// <summary>Serves on a free loopback port, writes it to <paramref name="portFile"/>, and runs until it is killed.</summary>
    public static async Task RunAsync(string portFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapGrpcService<EchoServer>();
        await app.StartAsync();
        await File.WriteAllTextAsync(portFile + ".new", app.Urls.First());
        File.Move(portFile + ".new", portFile);
        await app.WaitForShutdownAsync();
    }
}
