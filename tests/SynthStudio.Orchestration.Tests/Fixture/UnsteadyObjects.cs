using SynthStudio.Storage;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Whether the object store of a studio serves.</summary>
public sealed class StoreWeather
{
    /// <summary>Every request is refused.</summary>
    public bool IsAway { get; set; }

    /// <summary>What is put is taken and never answered.</summary>
    public bool Hangs { get; set; }

    /// <summary>Requests that were refused or hang.</summary>
    public int Struck => struck;

    /// <summary>Objects whose bytes were asked for, other than as a local file.</summary>
    public int Opened => opened;

    private int struck, opened;

    /// <summary>A request comes.</summary>
    public void Strike()
    {
        if (!IsAway) return;
        Interlocked.Increment(ref struck);
        throw new StorageUnavailableException("The object store does not answer as it should; try again later.");
    }

    /// <summary>An object is opened.</summary>
    public void StrikeOpen()
    {
        Strike();
        Interlocked.Increment(ref opened);
    }

    /// <summary>Something is put.</summary>
    public async Task StrikePutAsync(CancellationToken cancellation)
    {
        Strike();
        if (!Hangs) return;
        Interlocked.Increment(ref struck);
        await Task.Delay(Timeout.Infinite, cancellation);
    }
}

/// <summary>A store that can be away.</summary>
internal sealed class UnsteadyObjects(IObjectStore inner, StoreWeather weather) : IObjectStore
{
    public IObjectStore OfProject(string project) => new UnsteadyObjects(inner.OfProject(project), weather);

    public async Task ProbeAsync(CancellationToken cancellation = default)
    {
        weather.Strike();
        await inner.ProbeAsync(cancellation);
    }

    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation = default)
    {
        weather.Strike();
        return await inner.GetTimeAsync(cancellation);
    }

    public async Task<ObjectRef> PutAsync(Stream content, string mediaType, CancellationToken cancellation = default)
    {
        await weather.StrikePutAsync(cancellation);
        return await inner.PutAsync(content, mediaType, cancellation);
    }

    public async Task<ObjectRef> PutFileAsync(string path, string mediaType, CancellationToken cancellation = default)
    {
        await weather.StrikePutAsync(cancellation);
        return await inner.PutFileAsync(path, mediaType, cancellation);
    }

    public async Task<ObjectRef> PutHashedFileAsync(string path, string sha256, string mediaType, CancellationToken cancellation = default)
    {
        await weather.StrikePutAsync(cancellation);
        return await inner.PutHashedFileAsync(path, sha256, mediaType, cancellation);
    }

    public Task<Uri?> CreateLinkAsync(ObjectRef reference, string fileName, TimeSpan lifetime) => inner.CreateLinkAsync(reference, fileName, lifetime);

    public async Task<Stream> OpenReadAsync(ObjectRef reference, bool verify = true, CancellationToken cancellation = default)
    {
        weather.StrikeOpen();
        return await inner.OpenReadAsync(reference, verify, cancellation);
    }

    public async Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation)
    {
        weather.Strike();
        return await inner.ReadTextAsync(reference, cancellation);
    }

    public async Task<string> GetLocalPathAsync(ObjectRef reference, CancellationToken cancellation = default)
    {
        weather.Strike();
        return await inner.GetLocalPathAsync(reference, cancellation);
    }

    public async Task<bool> ExistsAsync(ObjectRef reference, CancellationToken cancellation = default)
    {
        weather.Strike();
        return await inner.ExistsAsync(reference, cancellation);
    }

    public async Task<bool> DeleteAsync(string key, DateTimeOffset putBefore, CancellationToken cancellation = default)
    {
        weather.Strike();
        return await inner.DeleteAsync(key, putBefore, cancellation);
    }

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellation = default)
    {
        weather.Strike();
        return inner.ListAsync(cancellation);
    }
}
