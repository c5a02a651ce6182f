using SynthStudio.Synthesis;

namespace SynthStudio.Worker.Running;

/// <summary>The one model that this process has loaded. Used by one job at a time.</summary>
internal sealed class LoadedModel : IDisposable
{
    private ITabularModel? model;
    private (string Sha256, Device Device, int Threads) origin;

    /// <summary>The model of a package: the one that is loaded, when it is the same, else it takes its place.</summary>
    /// <param name="path">The package.</param>
    /// <param name="sha256">Identifies the package; empty loads it in any case.</param>
    /// <param name="device">Where it is to compute.</param>
    /// <param name="threads">Threads that work side by side; 0 means one a core.</param>
    /// <exception cref="SynthesisException">The package is damaged, too new or of an unknown method, or there is no such device.</exception>
    public ITabularModel Open(string path, string sha256, Device device, int threads)
    {
        if (model is not null && sha256.Length > 0 && origin == (sha256, device, threads))
        {
            return model;
        }

        Dispose();
        using var package = File.OpenRead(path);
        model = Synthesizers.Load(package, device, threads);
        origin = (sha256, device, threads);
        return model;
    }

    public void Dispose()
    {
        model?.Dispose();
        model = null;
    }
}
