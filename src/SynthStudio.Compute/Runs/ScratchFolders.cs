using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>A folder for each run. Its name begins with the silo's process id, so that those of dead silos can be told and removed.</summary>
internal sealed class ScratchFolders(IOptions<ComputeOptions> options, ILogger<ScratchFolders> logger)
{
    private const string Prefix = "run-";
    private static int count;

    /// <summary>Makes an empty folder.</summary>
    public string Create()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref count)}-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(Path.Combine(options.Value.ScratchFolder, name)).FullName;
    }

    public void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was written, or it is gone.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ComputeLog.ScratchStays(logger, e, folder);
        }
    }

    /// <summary>Removes what runs of dead silos left behind.</summary>
    public void RemoveDead()
    {
        if (!Directory.Exists(options.Value.ScratchFolder)) return;

        foreach (var folder in Directory.EnumerateDirectories(options.Value.ScratchFolder, Prefix + "*"))
        {
            var parts = Path.GetFileName(folder)[Prefix.Length..].Split('-');
            if (int.TryParse(parts[0], CultureInfo.InvariantCulture, out var silo) && !IsAlive(silo)) Remove(folder);
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
