using Microsoft.Extensions.Caching.Hybrid;

namespace SynthStudio.Api.Services;

/// <summary>
/// Small texts that jobs left as objects (profiles, reports), remembered in this process and, where the host adds a cache of its own, for all replicas.
/// An object never changes, so what is remembered is never wrong; who may read it is decided before.
/// </summary>
internal sealed class ObjectTexts(IObjectReader objects, HybridCache cache)
{
    public ValueTask<string> ReadAsync(ObjectRef reference, CancellationToken cancellation) => cache.GetOrCreateAsync(
        $"object:{reference.Sha256}", (objects, reference),
        static async (source, stop) => await source.objects.ReadTextAsync(source.reference, stop), ObjectMemory.Of(reference), cancellationToken: cancellation);
}
