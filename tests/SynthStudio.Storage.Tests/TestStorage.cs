using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Storage.Tests;

/// <summary>A store in a folder of its own, as the hosts compose it. Restarting it is what a new process does.</summary>
internal sealed class TestStorage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("storage-");
    private ServiceProvider _services;

    public TestStorage() => _services = Compose(Root);

    public string Root => _folder.FullName;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    public IUploadStore Uploads => _services.GetRequiredService<IUploadStore>();

    /// <summary>A new process: nothing that the old one kept in memory is left. The old one only closes its files, as a kill does too.</summary>
    public void Restart()
    {
        _services.Dispose();
        _services = Compose(Root);
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    public string PathOf(ObjectRef reference) => Path.Combine(Root, "objects", reference.Key);

    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private ServiceProvider Compose(string root) => new ServiceCollection()
        .AddSingleton<TimeProvider>(Clock)
        .AddSynthStudioStorage(new StorageOptions { Root = root })
        .BuildServiceProvider();
}
