using System.Globalization;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Auto;

/// <summary>Chooses the method by the table, the time and the device, says why, and lets it do the work: the package is that method's.</summary>
public sealed class AutoSynthesizer : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "auto";

    public string Method => Name;

    public string Summary => "Chooses the method by table, time and device, and says why.";

    public Capabilities Capabilities => Capabilities.Given | Capabilities.DifferentialPrivacy;

    /// <summary>Of the network, which comes first.</summary>
    public MemoryNeed Memory => MemoryNeed.Megabytes(330, 4);

    public IReadOnlyList<MethodOption> Options => AutoOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = AutoOptions.Parse(request);
        if (request.Privacy is { } terms)
            return Fit(PrivateMethodChooser.Choose(table.Schema, terms, request.MaxTime), table, request, options.Domain, observer, cancellation);
        var choice = MethodChooser.Choose(TableFacts.Of(table, request, CellTable.Threads(request.Threads)), options.ForConditions);
        var handedOn = new Dictionary<string, string> { ["protect_rare"] = options.ProtectRare.ToString(CultureInfo.InvariantCulture) };
        return Fit(choice, table, request, handedOn, observer, cancellation);
    }

    private static ChosenModel Fit(
        MethodChoice choice, Table table, FitRequest request, IReadOnlyDictionary<string, string> handedOn,
        ITrainingObserver observer, CancellationToken cancellation)
    {
        observer.Report(new TrainingProgress("encode", 0, Remaining: choice.Cost.Time));
        var method = Synthesizers.All.First(synthesizer => synthesizer.Method == choice.Method);
        return new ChosenModel(method.Fit(table, request with { Options = handedOn }, observer, cancellation), choice);
    }

    /// <exception cref="SynthesisException">Always: packages are those of the chosen methods.</exception>
    public ITabularModel Load(ModelPackage package, Device device, int threads) =>
        throw new SynthesisException(SynthesisError.PackageCorrupt, "No model package is of the method 'auto': it names the chosen method.");
}
