using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Hosting;

/// <summary>The whole service in this process: API, grains and compute on one data folder.</summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly Task _warmUp;

    private EmbeddedServer(WebApplication app, DataFolder folder, ServerAddresses addresses, string adminKey)
    {
        _app = app;
        _folder = folder;
        _warmUp = Task.Run(() => app.Services.GetRequiredService<CatalogWarmUp>().RunAsync());
        Addresses = addresses;
        AdminKey = adminKey;
    }

    public ServerAddresses Addresses { get; }

    /// <summary>gRPC over HTTP/2.</summary>
    public Uri GrpcAddress => Addresses.Grpc;

    /// <summary>gRPC-Web and JSON over HTTP/1.1.</summary>
    public Uri HttpAddress => Addresses.Http;

    /// <summary>API key of the first administrator.</summary>
    public string AdminKey { get; }

    /// <summary>Starts a server on loopback ports and answers when it is healthy.</summary>
    /// <exception cref="ServerStartException">The data folder or a port cannot be used.</exception>
    public static Task<EmbeddedServer> StartAsync(EmbeddedServerOptions options, CancellationToken cancellation = default) =>
        StartAsync(
            new ServerOptions
            {
                DataFolder = options.DataFolder,
                GrpcPort = options.GrpcPort,
                HttpPort = options.HttpPort,
                Compute = options.Compute,
                Threads = options.Threads,
                LogToConsole = false,
            },
            cancellation);

    /// <summary>Starts a server and answers when it is healthy.</summary>
    /// <exception cref="ServerStartException">The options, the data folder or a port cannot be used.</exception>
    public static async Task<EmbeddedServer> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        var folder = DataFolder.Open(options.DataFolder);
        WebApplication? app = null;
        try
        {
            app = ServerHost.Build(options, folder);
            var adminKey = await app.Services.GetRequiredService<EmbeddedAdmin>().EnsureAsync(folder.AdminKeyFile, cancellation);
            await app.StartAsync(cancellation);
            var addresses = FindAddresses(app);
            addresses.Write(folder.Path);
            return new EmbeddedServer(app, folder, addresses, adminKey);
        }
        catch (Exception exception)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            folder.Dispose();
            throw exception is IOException ? new ServerStartException(exception.Message, exception) : exception;
        }
    }

    /// <summary>Completes when the server was asked to stop (a signal, or <see cref="DisposeAsync"/>).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Stops serving: lets workers write a checkpoint, then leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        ServerAddresses.Remove(_folder.Path);
        await _app.StopAsync();
        await _warmUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a failure showed at the first call that needed it
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static ServerAddresses FindAddresses(WebApplication app)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(a => new Uri(a.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal)))
            .ToList();
        return new ServerAddresses(bound[0], bound[1], Environment.ProcessId);
    }
}
