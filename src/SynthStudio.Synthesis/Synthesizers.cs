using System.Text.Json;
using SynthStudio.Synthesis.Auto;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Bootstrap;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Copula;
using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.Declared;
using SynthStudio.Synthesis.Diffusion;
using SynthStudio.Synthesis.DpAutoregressive;
using SynthStudio.Synthesis.DpCtgan;
using SynthStudio.Synthesis.DpTvae;
using SynthStudio.Synthesis.Independent;
using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Tvae;

namespace SynthStudio.Synthesis;

/// <summary>All methods, by name.</summary>
public static class Synthesizers
{
    /// <summary>One line a method: this is the only place that knows them.</summary>
    public static IReadOnlyList<ISynthesizer> All { get; } =
    [
        new AutoregressiveSynthesizer(TimeProvider.System),
        new AutoSynthesizer(),
        new CartSynthesizer(TimeProvider.System),
        new CopulaSynthesizer(TimeProvider.System),
        new IndependentSynthesizer(TimeProvider.System),
        new BootstrapSynthesizer(TimeProvider.System),
        new TvaeSynthesizer(TimeProvider.System),
        new CtganSynthesizer(TimeProvider.System),
        new DiffusionSynthesizer(TimeProvider.System),
        new MstSynthesizer(TimeProvider.System),
        new AimSynthesizer(TimeProvider.System),
        new CliqueTreeSynthesizer(TimeProvider.System),
        new DpAutoregressiveSynthesizer(TimeProvider.System),
        new DpTvaeSynthesizer(TimeProvider.System),
        new DpCtganSynthesizer(TimeProvider.System),
        new DeclaredSynthesizer(TimeProvider.System),
    ];

    /// <summary>The synthesizer called <paramref name="method"/>; what it learns keeps the rules of the table's schema.</summary>
    /// <exception cref="SynthesisException">There is none; the message lists those there are.</exception>
    public static ISynthesizer Get(string method) =>
        All.FirstOrDefault(synthesizer => synthesizer.Method == method) is { } found
        ? new ConstrainedSynthesizer(found)
        : throw new SynthesisException(
            SynthesisError.UnknownMethod,
            $"There is no method '{method}'. There is: {string.Join(", ", All.Select(synthesizer => synthesizer.Method))}.",
            method);

    /// <summary>Reads a model package.</summary>
    /// <param name="package">A seekable stream.</param>
    /// <param name="device">Where the model is to compute.</param>
    /// <param name="threads">Threads that work side by side; 0 means one a core.</param>
    /// <exception cref="SynthesisException">The package is damaged, too new or of an unknown method, or there is no such device.</exception>
    public static ITabularModel Load(Stream package, Device device = Device.Auto, int threads = 0)
    {
        var opened = ModelPackage.Open(package);
        var method = Get(opened.Manifest.Method);
        try
        {
            return method.Load(opened, device, threads);
        }
        catch (Exception error) when (IsOfContent(error))
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, "The model package is damaged: its entries match their checksums, but make no model.", inner: error);
        }
    }

    /// <summary>Whether an error is one that entries cause which no model wrote: whoever writes them can compute their checksums, too.</summary>
    private static bool IsOfContent(Exception error) =>
        error is ArgumentException or InvalidOperationException or NullReferenceException or IndexOutOfRangeException
            or KeyNotFoundException or InvalidCastException or ArithmeticException or FormatException or NotSupportedException
            or EndOfStreamException or InvalidDataException or JsonException;
}
