using Microsoft.Extensions.Caching.Hybrid;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>
/// Where what an object says may be remembered: for all replicas if the object lies in the store as it is; in this process only if it is
/// encrypted there, since a cache keeps what it is given as it is, and longer than the project's key may be there.
/// </summary>
internal static class ObjectMemory
{
    private static readonly TimeSpan Here = TimeSpan.FromMinutes(5);

    private static readonly HybridCacheEntryOptions
        Shared = new() { LocalCacheExpiration = Here, Expiration = TimeSpan.FromHours(1) },
        Own = new() { LocalCacheExpiration = Here, Expiration = Here, Flags = HybridCacheEntryFlags.DisableDistributedCache };

    public static HybridCacheEntryOptions Of(ObjectRef reference) => ObjectKeys.IsEncrypted(reference) ? Own : Shared;
}
