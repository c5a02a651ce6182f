using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Adds the control plane to a silo.</summary>
public static class OrchestrationSiloBuilderExtensions
{
    /// <summary>
    /// Adds owners of work, the scheduler and the reconciler. The host provides <see cref="IProgressLog"/>, <see cref="ILeaseStore"/>,
    /// <see cref="ICatalogProjector"/>, <see cref="IPrivacyLedger"/>, a grain storage named <see cref="OrchestrationOptions.StorageName"/> (with Orleans' own
    /// serializer: the records are polymorphic) and a reminder service.
    /// </summary>
    public static ISiloBuilder AddSynthStudioOrchestration(this ISiloBuilder silo, Action<OrchestrationOptions>? configure = null)
    {
        silo.AddReminders();
        var services = silo.Services;
        var options = services.AddOptions<OrchestrationOptions>();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OwnerServices>();
        services.TryAddSingleton<Reconciler>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Reconciler>());
        services.AddPlacementFilter<OnNamedSiloStrategy, OnNamedSiloDirector>(ServiceLifetime.Singleton);
        return silo;
    }
}
