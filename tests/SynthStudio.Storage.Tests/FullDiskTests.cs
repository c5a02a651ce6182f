using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SynthStudio.Storage.Tests;

/// <summary>
/// On a real file system of 9 MiB, 8 of which uploads leave. Mounting one takes rights that not every machine
/// gives; without them there is nothing to test on.
/// </summary>
[TestClass]
public sealed class FullDiskTests
{
    private readonly string _disk = Directory.CreateTempSubdirectory("full-").FullName;
    private bool _mounted;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task MountAsync() => _mounted = OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", _disk);

    [TestCleanup]
    public async Task UnmountAsync()
    {
        if (_mounted) await RunAsync("umount", "--lazy", _disk);
        Directory.Delete(_disk);
    }

    [TestMethod]
    public async Task A_full_disk_is_a_typed_error_and_what_was_stored_stays()
    {
        if (!_mounted)
        {
            TestContext.WriteLine("No right to mount a small file system: not run.");
            return;
        }

        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System)
            .AddSynthStudioStorage(new StorageOptions { Root = _disk }).BuildServiceProvider();
        var uploads = services.GetRequiredService<IUploadStore>();
        var objects = services.GetRequiredService<IObjectStore>();

        await Assert.ThrowsExactlyAsync<StorageFullException>(() => uploads.CreateAsync(2_000_000, Cancellation));
        var session = await uploads.CreateAsync(null, Cancellation);
        await uploads.AppendAsync(session, 0, TestStorage.Bytes(400_000), Cancellation);
        await Assert.ThrowsExactlyAsync<StorageFullException>(
            async () => await uploads.AppendAsync(session, 400_000, TestStorage.Bytes(900_000), Cancellation));
        Assert.AreEqual(400_000, await uploads.GetCommittedSizeAsync(session, Cancellation), "of a chunk that fails nothing stays");
        await Assert.ThrowsExactlyAsync<StorageFullException>(
            () => objects.PutAsync(new MemoryStream(TestStorage.Bytes(9_500_000)), "a/b", Cancellation));

        await uploads.AppendAsync(session, 400_000, TestStorage.Bytes(100_000, 2), Cancellation);
        var made = await uploads.FinishAsync(session, "a/b", cancellation: Cancellation);
        Assert.AreEqual(500_000, made.Size);
        Assert.HasCount(1, await objects.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
