using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SynthStudio.Api;
using SynthStudio.Api.Readiness;
using SynthStudio.Catalog;
using SynthStudio.Compute;
using SynthStudio.Orchestration;
using SynthStudio.Storage;

namespace SynthStudio.Hosting;

/// <summary>Puts the parts of a server together: the one place that knows them all.</summary>
internal static class ServerHost
{
    /// <summary>What leaving may take: workers write checkpoints, silos hand over grains.</summary>
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    /// <summary>A server, not started yet.</summary>
    /// <param name="options">What to serve and where, checked (<see cref="ServerSettings.Check"/>).</param>
    /// <param name="folder">The opened data folder; lives as long as the server.</param>
    /// <param name="database">Where catalog and grains are; lives as long as the server.</param>
    /// <param name="change">Changes the services at last.</param>
    /// <exception cref="ServerStartException">A setting cannot be read.</exception>
    public static WebApplication Build(ServerOptions options, DataFolder folder, IServerDatabase database, Action<IServiceCollection> change)
    {
        // Nothing is read from the working directory or the environment here: hosts bind ServerOptions themselves.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "SynthStudio" });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime + options.Api.LeavingDelay);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddServerLogs(folder, options);
        builder.Services.AddSynthStudioStorage(new StorageOptions
        {
            Root = folder.Path, S3 = options.S3.Bucket.Length > 0 ? options.S3 : null,
            Encrypt = options.Encryption.Objects, CacheBytes = options.Encryption.CacheBytes,
        });
        builder.Services.AddSingleton(services => options.Encryption.ToMasterKey(services.GetRequiredService<LedgerKey>()));
        database.AddCatalog(builder.Services);
        builder.Services.AddServerTelemetry(options);
        AddFront(builder.Services, options);
        if (options.Role == ServerRole.Api)
        {
            builder.Host.UseOrleansClient(client =>
            {
                database.Join(client);
                client.PropagateTraces(options.Telemetry);
                client.CountForDashboard(options.Telemetry);
            });
            builder.Services.AddClusterKnowledge();
        }
        else
        {
            builder.Host.UseOrleans(silo => AddSilo(silo, options, folder, database));
            builder.Services.AddWorkerKnowledge(WorkerPath(options));
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRoutingCore();
        change(builder.Services);

        var app = builder.Build();
        app.UseMetrics(options.Telemetry);
        if (options.Role.IsSiloOnly())
        {
            app.MapSynthStudioHealth();
        }
        else
        {
            app.MapSynthStudioApi();
            app.MapDashboard(options.Telemetry);
        }

        return app;
    }

    /// <summary>What the process answers on its ports: the API, or how it is.</summary>
    private static void AddFront(IServiceCollection services, ServerOptions options)
    {
        if (options.Role.IsSiloOnly())
        {
            services.AddGrpc();
            services.AddSynthStudioHealth();
        }
        else
        {
            if (options.Redis.ConnectionString.Length > 0) services.AddReplicaRedis(options.Redis);
            services.AddSynthStudioApi(options.Api);
        }
    }

    private static void AddSilo(ISiloBuilder silo, ServerOptions options, DataFolder folder, IServerDatabase database)
    {
        database.AddSilo(silo);
        silo.PropagateTraces(options.Telemetry);
        silo.CountForDashboard(options.Telemetry);
        silo.AddSynthStudioOrchestration(options.Scheduling.ApplyTo, options.Role.ToSiloRole());
        if (options.Compute && options.Role != ServerRole.Control)
        {
            silo.AddSynthStudioCompute(compute =>
            {
                compute.Slots = options.Slots;
                compute.Threads = options.Threads;
                compute.CheckpointInterval = options.CheckpointSeconds > 0 ? TimeSpan.FromSeconds(options.CheckpointSeconds) : null;
                compute.CheckpointSteps = options.CheckpointSteps;
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
        KestrelLimits.Apply(kestrel, options.Api);
        kestrel.Listen(address, options.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(address, options.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
        if (options.Telemetry.HasMetrics) kestrel.Listen(address, options.Telemetry.MetricsPort, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
