using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace SynthStudio.Compute;

/// <summary>Makes a silo compute.</summary>
public static class ComputeSiloBuilderExtensions
{
    /// <summary>
    /// Adds worker processes to a silo. The host provides <see cref="Storage.IObjectStore"/>. Every silo that gives out work needs
    /// the control plane's placement filter, which this adds too.
    /// </summary>
    public static ISiloBuilder AddSynthStudioCompute(this ISiloBuilder silo, Action<ComputeOptions>? configure = null)
    {
        var services = silo.Services;
        var options = services.AddOptions<ComputeOptions>();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new WorkerMethods(
            provider.GetRequiredService<IOptions<ComputeOptions>>().Value.WorkerPath, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WorkerMethods>>()));
        services.TryAddSingleton<IGpuMemoryReader>(_ => new GpuMemoryReader());
        services.TryAddSingleton<Accelerator>();
        services.TryAddSingleton<OrderTranslator>();
        services.TryAddSingleton<WarmWorkers>();
        services.TryAddSingleton<ScratchFolders>();
        services.TryAddSingleton<RunServices>();
        services.TryAddSingleton<ComputeService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ComputeService>());

        // Hosts tell services that they stop in the opposite order: first here is last told, after who waits until nobody sends the process anything new.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => new ComputeHandOver(provider.GetRequiredService<ComputeService>())));
        services.AddPlacementFilter<OnNamedSiloStrategy, OnNamedSiloDirector>(ServiceLifetime.Singleton);
        return silo;
    }
}
