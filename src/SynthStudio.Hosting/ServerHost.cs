using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using SynthStudio.Api;
using SynthStudio.Catalog;
using SynthStudio.Compute;
using SynthStudio.Orchestration;
using SynthStudio.Storage;

namespace SynthStudio.Hosting;

/// <summary>Puts the parts of a server together: the one place that knows them all.</summary>
public static class ServerHost
{
    /// <summary>A server on a data folder, not started yet.</summary>
    /// <param name="options">What to serve and where.</param>
    /// <param name="folder">The opened data folder; lives as long as the server.</param>
    /// <exception cref="ServerStartException">The options cannot be used together.</exception>
    public static WebApplication Build(ServerOptions options, DataFolder folder)
    {
        ServerSettings.Check(options);
        CatalogSchema.Apply(folder.Database);
        OrleansSqliteSchema.Apply(folder.GrainDatabase);

        // Nothing is read from the working directory or the environment here: hosts bind ServerOptions themselves.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "SynthStudio" });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddServerLogs(folder, options.LogToConsole);
        builder.Services.AddSynthStudioStorage(new StorageOptions { Root = folder.Path, S3 = options.S3.Bucket.Length > 0 ? options.S3 : null });
        builder.Services.AddSynthStudioCatalog(folder.Database, options.LedgerFolder.Length > 0 ? options.LedgerFolder : null);
        builder.Services.AddSynthStudioApi(options.Api);
        builder.Services.AddWorkerKnowledge(WorkerPath(options));
        builder.Host.UseOrleans(silo => AddSilo(silo, options, folder));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRoutingCore();

        var app = builder.Build();
        app.MapSynthStudioApi();
        return app;
    }

    private static void AddSilo(ISiloBuilder silo, ServerOptions options, DataFolder folder)
    {
        var grains = new SqliteDataSource(folder.GrainDatabase);
        silo.UseLocalhostClustering(FreePort.Find(), gatewayPort: 0, serviceId: "synthstudio", clusterId: "local");
        silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0); // the only client is this process
        silo.AddAdoNetGrainStorage(OrchestrationOptions.StorageName, (OptionsBuilder<AdoNetGrainStorageOptions> storage) =>
            storage.Configure<Serializer>((settings, serializer) =>
            {
                settings.Invariant = OrleansSqliteSchema.Invariant;
                settings.DataSource = grains;
                settings.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = OrleansSqliteSchema.Invariant;
            reminders.DataSource = grains;
        });
        silo.AddSynthStudioOrchestration(options.Scheduling.ApplyTo);
        if (options.Compute)
        {
            silo.AddSynthStudioCompute(compute =>
            {
                compute.Slots = options.Slots;
                compute.Threads = options.Threads;
                compute.CheckpointInterval = TimeSpan.FromSeconds(options.CheckpointSeconds);
                compute.ScratchFolder = folder.Scratch;
                compute.WorkerPath = WorkerPath(options);
                options.Workers.ApplyTo(compute);
            });
        }
    }

    private static string? WorkerPath(ServerOptions options) => options.WorkerPath.Length > 0 ? options.WorkerPath : null;

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        // Plain text cannot carry HTTP/1.1 and HTTP/2 on one port, so each has its own.
        var address = IPAddress.Parse(options.BindAddress);
        kestrel.AddServerHeader = false;

        // An upload is one stream: with the default windows it waits for the server after every 768 KiB.
        kestrel.Limits.Http2.InitialConnectionWindowSize = 16 << 20;
        kestrel.Limits.Http2.InitialStreamWindowSize = 8 << 20;
        kestrel.Listen(address, options.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(address, options.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
