using System.Runtime.InteropServices;

namespace SynthStudio.Evaluation.Boosting;

/// <summary>
/// LightGBM asks for GNU's OpenMP runtime, <c>libgomp.so.1</c>, which a bare Linux need not have. libtorch ships one under another file
/// name but with that very name inside: loaded first, it serves LightGBM too, and no root is needed.
/// </summary>
internal static class OpenMpRuntime
{
    private const string SystemName = "libgomp.so.1";

    /// <summary>Loads the system's runtime, else one that lies beside the program; does nothing where neither is, or none is needed.</summary>
    public static void EnsureLoaded()
    {
        if (!OperatingSystem.IsLinux() || NativeLibrary.TryLoad(SystemName, out _))
        {
            return;
        }

        var folder = AppContext.BaseDirectory;
        var shipped = Directory.EnumerateFiles(folder, "libgomp*.so*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 });
        _ = shipped.Any(file => NativeLibrary.TryLoad(file, out _));
    }
}
