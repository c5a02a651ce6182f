using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage;

namespace SynthStudio.ServiceBench;

/// <summary>
/// Bytes a second into and out of the object store in a folder, plain and encrypted in turns; the best of some rounds, of which the first
/// is compiled while it runs.
/// </summary>
internal static class EncryptionSpeed
{
    private const int Size = 256 << 20;
    private const int Rounds = 4;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        var (plain, encrypted) = ((Put: 0.0, Read: 0.0), (Put: 0.0, Read: 0.0));
        for (var round = 0; round < Rounds; round++)
        {
            plain = Better(plain, await RoundAsync(folder["plain"], encrypt: false));
            encrypted = Better(encrypted, await RoundAsync(folder["encrypted"], encrypt: true));
        }

        return new Measured(
            "objects of 256 MiB in a folder, encrypted against plain",
            $"put {encrypted.Put:N0} of {plain.Put:N0} MB/s; read {encrypted.Read:N0} of {plain.Read:N0} MB/s (plain is hashed as it is read)", "", "");

        static (double Put, double Read) Better((double Put, double Read) one, (double Put, double Read) other) =>
            (Math.Max(one.Put, other.Put), Math.Max(one.Read, other.Read));
    }

    private static async Task<(double Put, double Read)> RoundAsync(string root, bool encrypt)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton<IProjectKeys, OneKey>()
            .AddSynthStudioStorage(new StorageOptions { Root = root, Encrypt = encrypt }).BuildServiceProvider();
        var objects = services.GetRequiredService<IObjectStore>();
        var file = Path.Combine(root, "file");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(Size));
        var clock = Stopwatch.StartNew();
        var stored = await objects.PutFileAsync(file, "a/b");
        var put = Size / clock.Elapsed.TotalSeconds / 1e6;
        clock.Restart();
        await using (var stream = await objects.OpenReadAsync(stored)) await stream.CopyToAsync(Stream.Null, 1 << 18);
        var read = Size / clock.Elapsed.TotalSeconds / 1e6;
        await objects.DeleteAsync(stored.Key, DateTimeOffset.MaxValue);
        return (put, read);
    }

    private sealed class OneKey : IProjectKeys
    {
        private readonly ProjectKey _key = new(Guid.NewGuid(), RandomNumberGenerator.GetBytes(MasterKey.Bytes));

        public ValueTask<ProjectKey> CurrentAsync(string project, CancellationToken cancellation) => ValueTask.FromResult(_key);

        public ValueTask<ProjectKey?> FindAsync(Guid id, CancellationToken cancellation) => ValueTask.FromResult<ProjectKey?>(_key);
    }
}
