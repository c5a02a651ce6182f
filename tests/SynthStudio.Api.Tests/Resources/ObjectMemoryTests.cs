using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Services;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What replicas remember together lies in another server as it is: nothing that is encrypted in the store is among it.</summary>
[TestClass]
public sealed class ObjectMemoryTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Replicas_share_what_lies_open_in_the_store_and_nothing_that_is_encrypted_there()
    {
        var shared = new SharedCache();
        await using var services = new ServiceCollection().AddSingleton<IDistributedCache>(shared).AddHybridCache().Services.BuildServiceProvider();
        var texts = new ObjectTexts(new Profiles(), services.GetRequiredService<HybridCache>());
        var (open, encrypted) = (Object("open", ObjectKeys.For(HashOf("open"))), Object("encrypted", ObjectKeys.For(HashOf("by a key"))));

        Assert.AreEqual(encrypted.Key, await texts.ReadAsync(encrypted, TestContext.CancellationToken));
        Assert.AreEqual(open.Key, await texts.ReadAsync(open, TestContext.CancellationToken));
        while (!shared.Holds(open)) await Task.Delay(5, TestContext.CancellationToken); // It is written behind the answer.

        Assert.IsFalse(shared.Holds(encrypted));
        Assert.AreEqual(encrypted.Key, await texts.ReadAsync(encrypted, TestContext.CancellationToken), "This process remembers it.");
    }

    private static ObjectRef Object(string text, string key) => new(key, HashOf(text), text.Length, "application/json");

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Reads each object once, as its key.</summary>
    private sealed class Profiles : IObjectReader
    {
        private readonly ConcurrentDictionary<string, bool> _read = new();

        public Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation) =>
            _read.TryAdd(reference.Key, true) ? Task.FromResult(reference.Key) : throw new InvalidOperationException($"{reference.Key} was read before.");
    }

    private sealed class SharedCache : IDistributedCache
    {
        private readonly ConcurrentDictionary<string, byte[]> _entries = new();

        public bool Holds(ObjectRef reference) => _entries.Keys.Any(key => key.Contains(reference.Sha256, StringComparison.Ordinal));

        public byte[]? Get(string key) => _entries.GetValueOrDefault(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _entries[key] = value;

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => _entries.TryRemove(key, out _);

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Remove(key);
            return Task.CompletedTask;
        }
    }
}
