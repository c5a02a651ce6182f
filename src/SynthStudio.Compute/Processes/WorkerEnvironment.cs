using System.Collections;

namespace SynthStudio.Compute;

/// <summary>The environment of worker processes: what they need to start and to find their devices, none of the silo's secrets.</summary>
internal static class WorkerEnvironment
{
    private static readonly string[] Names =
    [
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "TMP", "TEMP", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64",
        "SystemRoot", "SystemDrive", "windir", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ProgramFiles", "NUMBER_OF_PROCESSORS",
    ];

    private const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    private static readonly string[] Prefixes = ["CUDA_", "NVIDIA_", "OMP_", "MKL_", "DOTNET_GC", "DOTNET_gc", "SYNTHSTUDIO_WORKER_"];

    /// <summary>Leaves in <paramref name="target"/> what a worker may see of this process's environment.</summary>
    public static void Fill(IDictionary<string, string?> target)
    {
        target.Clear();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            var name = (string)entry.Key;
            if (Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
            {
                target[name] = (string?)entry.Value;
            }
        }
    }

    /// <summary>Lets the worker see one accelerator only, which it then knows as its first.</summary>
    /// <param name="target">The worker's environment.</param>
    /// <param name="device">From 0, among those that this process sees.</param>
    public static void Restrict(IDictionary<string, string?> target, int device)
    {
        var visible = target.TryGetValue(VisibleDevices, out var listed) && listed is { Length: > 0 } ? listed.Split(',') : [];
        target[VisibleDevices] = device < visible.Length ? visible[device] : device.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
