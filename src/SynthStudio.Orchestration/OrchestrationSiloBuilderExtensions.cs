using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace SynthStudio.Orchestration;

/// <summary>Adds the control plane to a silo.</summary>
public static class OrchestrationSiloBuilderExtensions
{
    /// <summary>
    /// Adds owners of work, the scheduler and the reconciler. The host provides <see cref="IProgressLog"/>, <see cref="ILeaseStore"/>,
    /// <see cref="ICatalogProjector"/>, <see cref="IPrivacyLedger"/>, a grain storage named <see cref="OrchestrationOptions.StorageName"/> (with Orleans' own
    /// serializer: the records are polymorphic) and a reminder service.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <param name="role">What the silo is for. One that only computes knows the grains, to call them, and hosts none.</param>
    public static ISiloBuilder AddSynthStudioOrchestration(
        this ISiloBuilder silo, Action<OrchestrationOptions>? configure = null, SiloRole role = SiloRole.All)
    {
        silo.AddReminders();
        silo.UseSiloMetadata(new Dictionary<string, string> { [OnControlSiloDirector.RoleKey] = role.ToString() });
        var services = silo.Services;
        var options = services.AddOptions<OrchestrationOptions>();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OwnerServices>();
        services.TryAddSingleton<SiloLeave>();
        silo.AddIncomingGrainCallFilter<StoreFailureFilter>();
        services.AddPlacementFilter<OnNamedSiloStrategy, OnNamedSiloDirector>(ServiceLifetime.Singleton);
        services.AddPlacementFilter<OnControlSiloStrategy, OnControlSiloDirector>(ServiceLifetime.Singleton);
        if (role == SiloRole.Compute) return silo;

        services.TryAddSingleton<Reconciler>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Reconciler>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloLeave>());
        return silo;
    }
}
