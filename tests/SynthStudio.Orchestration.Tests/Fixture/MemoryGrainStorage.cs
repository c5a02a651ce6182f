using System.Collections.Concurrent;
using Orleans.Serialization;
using Orleans.Storage;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Grain storage that outlives the clusters of a test: bytes by Orleans' own serializer, conditional writes.</summary>
public sealed class MemoryGrainStorage
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string ETag)> rows = new();
    private int etags;

    /// <summary>How many of the next writes fail.</summary>
    public int Failures { get; set; }

    /// <summary>How many of the next writes are done and never answered.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Writes so far.</summary>
    public int Writes { get; private set; }

    /// <summary>The provider of one silo.</summary>
    public IGrainStorage For(Serializer serializer) => new Provider(this, serializer);

    private sealed class Provider(MemoryGrainStorage store, Serializer serializer) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (!store.rows.TryGetValue(Key(stateName, grainId), out var row)) return Task.CompletedTask;
            (grainState.State, grainState.ETag, grainState.RecordExists) = (serializer.Deserialize<T>(row.Bytes), row.ETag, true);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            lock (store)
            {
                if (store.Failures > 0)
                {
                    store.Failures--;
                    throw new IOException("The store is away.");
                }

                store.Writes++;
                var key = Key(stateName, grainId);
                var stored = store.rows.TryGetValue(key, out var row) ? row.ETag : null;
                if (stored != grainState.ETag) throw new InconsistentStateException("Another activation wrote.", stored, grainState.ETag);
                var etag = $"{++store.etags}";
                store.rows[key] = (serializer.SerializeToArray(grainState.State), etag);
                if (store.LostAnswers > 0)
                {
                    store.LostAnswers--;
                    throw new IOException("The store went away before it answered.");
                }

                (grainState.ETag, grainState.RecordExists) = (etag, true);
            }

            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            store.rows.TryRemove(Key(stateName, grainId), out _);
            (grainState.ETag, grainState.RecordExists) = (null, false);
            return Task.CompletedTask;
        }

        private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";
    }
}
