using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Hosting;

/// <summary>A server in this process: the whole service on one data folder, or a part of a cluster.</summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly IServerDatabase _database;
    private readonly Task _warmUp;

    private EmbeddedServer(WebApplication app, DataFolder folder, IServerDatabase database, ServerAddresses addresses, string adminKey)
    {
        _app = app;
        _folder = folder;
        _database = database;
        _warmUp = Task.Run(() => app.Services.GetRequiredService<CatalogWarmUp>().RunAsync());
        Addresses = addresses;
        AdminKey = adminKey;
    }

    public ServerAddresses Addresses { get; }

    /// <summary>gRPC over HTTP/2.</summary>
    public Uri GrpcAddress => Addresses.Grpc;

    /// <summary>gRPC-Web and JSON over HTTP/1.1.</summary>
    public Uri HttpAddress => Addresses.Http;

    /// <summary>API key of the first administrator; empty where they are locked out, and in a cluster, where the migrator makes it.</summary>
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
                Api = { Features = { CopyingMethods = options.AllowCopyingMethods } },
            },
            cancellation);

    /// <summary>Starts a server and answers when it is healthy.</summary>
    /// <exception cref="ServerStartException">The options, the data folder, the database or a port cannot be used.</exception>
    public static Task<EmbeddedServer> StartAsync(ServerOptions options, CancellationToken cancellation = default) =>
        StartAsync(options, _ => { }, cancellation);

    /// <summary>The same with services changed, for measurements.</summary>
    internal static async Task<EmbeddedServer> StartAsync(ServerOptions options, Action<IServiceCollection> change, CancellationToken cancellation)
    {
        ServerSettings.Check(options);
        DefaultLimits.Apply(options);
        var folder = DataFolder.Open(options.DataFolder);
        IServerDatabase? database = null;
        WebApplication? app = null;
        try
        {
            var isCluster = options.Database.IsPostgres;
            database = isCluster ? await ClusterDatabase.OpenAsync(options, cancellation) : EmbeddedDatabase.Open(options, folder);
            app = ServerHost.Build(options, folder, database, change);
            var adminKey = isCluster ? "" : await app.Services.GetRequiredService<EmbeddedAdmin>().EnsureAsync(folder.AdminKeyFile, cancellation);
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<EmbeddedServer>();
            foreach (var problem in ServerSettings.Problems(options)) HostingLog.UnsafeSetting(logger, problem); // Errors have stopped the start.
            await app.StartAsync(cancellation);
            var addresses = FindAddresses(app);
            addresses.Write(folder.Path);
            return new EmbeddedServer(app, folder, database, addresses, adminKey);
        }
        catch (Exception exception)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            if (database is not null)
            {
                await database.DisposeAsync();
            }

            folder.Dispose();
            throw exception is IOException or CatalogSchemaException ? new ServerStartException(exception.Message, exception) : exception;
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
        await _database.DisposeAsync();
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
