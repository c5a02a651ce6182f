using Microsoft.Extensions.Caching.Hybrid;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Services;
using SynthStudio.Storage;

namespace SynthStudio.Api.Registry;

/// <summary>Whether a generator can draw rows now: its package, where it is loaded, and who would run it.</summary>
internal sealed class GeneratorHealth(IGrainFactory grains, IObjectStore objects, HybridCache cache, TimeProvider time)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes at rest change seldom, and reading all of a package takes its time.</summary>
    private static readonly TimeSpan VerifiedFor = TimeSpan.FromMinutes(10);

    private static readonly HybridCacheEntryOptions Lifetime = new() { LocalCacheExpiration = VerifiedFor, Expiration = VerifiedFor };

    /// <summary>Looks at a generator.</summary>
    /// <param name="generator">The generator, which was not deleted.</param>
    /// <param name="showsSilos">Whether silos are named.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="StorageUnavailableException">The object store does not answer.</exception>
    public async Task<V1.GeneratorHealth> OfAsync(GeneratorSnapshot generator, bool showsSilos, CancellationToken cancellation)
    {
        var (package, problem) = await PackageAsync(generator, cancellation);
        var cluster = await grains.GetGrain<ISchedulerGrain>(0).GetClusterAsync();
        var needs = DrawingNeeds.Of(generator.Definition);
        var capable = cluster.Silos.Count(silo => TakesWork(silo, cluster) && silo.CanRun(needs));
        if (problem.Length == 0 && capable == 0) problem = "No compute silo takes work and has what drawing takes; rows would wait for one.";
        var loaded = generator.Model is { } model ? cluster.Silos.Where(silo => silo.Models.Contains(model.Sha256)).Select(silo => silo.Name).ToList() : [];
        return new V1.GeneratorHealth
        {
            Name = $"{generator.Name}/health", CanSample = problem.Length == 0, Package = package, Problem = problem, LoadedSilos = loaded.Count, CapableSilos = capable,
            Silos = { showsSilos ? loaded : [] }, CheckTime = time.Now().ToProto(),
        };
    }

    /// <summary>Whether the scheduler would give a silo work: one that hangs is in the cluster for a while, and takes none.</summary>
    internal static bool TakesWork(ComputeSilo silo, ClusterSnapshot cluster) =>
        !silo.Draining && !cluster.Cordoned.Contains(silo.Name) && cluster.Avoided?.Contains(silo.Address) != true;

    private async Task<(V1.PackageStatus Status, string Problem)> PackageAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        if (generator.Model is not { } model) return (V1.PackageStatus.None, $"{generator.Name} has no model yet: train it first.");
        try
        {
            if (!await objects.ExistsAsync(model, cancellation)) return Missing();
            await cache.GetOrCreateAsync(
                $"intact:{model.Sha256}", (objects, model),
                static async (source, stop) => await VerifyAsync(source.objects, source.model, stop),
                Lifetime, cancellationToken: cancellation);
            return (V1.PackageStatus.Intact, "");
        }
        catch (ObjectNotFoundException)
        {
            return Missing();
        }
        catch (ObjectCorruptException)
        {
            return (V1.PackageStatus.Damaged, "The stored model package is damaged: restore it from a backup, or train again.");
        }

        static (V1.PackageStatus, string) Missing() => (V1.PackageStatus.Missing, "The stored model package is gone: restore it from a backup, or train again.");
    }

    /// <summary>Reads a package to its end, which checks it. What is not intact throws, and is not remembered.</summary>
    private static async ValueTask<bool> VerifyAsync(IObjectStore objects, ObjectRef model, CancellationToken cancellation)
    {
        await using var content = await objects.OpenReadAsync(model, verify: true, cancellation);
        await content.CopyToAsync(Stream.Null, BufferBytes, cancellation);
        return true;
    }
}
