using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        services.TryAddSingleton<OrderTranslator>();
        services.TryAddSingleton<OutputCollector>();
        services.TryAddSingleton<WarmWorkers>();
        services.TryAddSingleton<ScratchFolders>();
        services.TryAddSingleton<RunServices>();
        services.TryAddSingleton<ComputeService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ComputeService>());
        services.AddPlacementFilter<OnNamedSiloStrategy, OnNamedSiloDirector>(ServiceLifetime.Singleton);
        return silo;
    }
}
