using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// The frame of all methods that measure marginals with noise and fit a graphical model to them. A method adds its plan of the budget and how it
/// chooses what to measure.
/// </summary>
public abstract class MarginalSynthesizer : ISynthesizer
{
    private readonly Func<SecureBits> bits;

    private protected MarginalSynthesizer(Func<SecureBits>? bits) => this.bits = bits ?? (() => new SecureBits());

    public abstract string Method { get; }

    public abstract string Summary { get; }

    public Capabilities Capabilities => Capabilities.DifferentialPrivacy | Capabilities.Given;

    public IReadOnlyList<MethodOption> Options => MarginalOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = MarginalOptions.Parse(Method, request.Options);
        var terms = PrivacyTerms.Demanded(request, Method);
        CellTable.RequireCpu(request.Device);
        DeclaredDomains.Demand(table.Schema);
        observer.Report(new TrainingProgress("encode", 0));
        var encoded = PrivateTable.Encode(table, DeclaredCodec.Of(table.Schema, options.Bins));
        var domain = new Domain(encoded.Sizes);
        var plan = MarginalPlan.For(terms, [(MarginalTraining.Single, MarginalTraining.SlotsPerColumn * domain.Attributes, SingleShare(domain)), .. Phases(domain)]);
        var spending = new PrivacySpending(terms, observer);
        var chance = bits();
        observer.Report(new TrainingProgress("measure", 0, Epsilon: spending.Epsilon));
        var training = new MarginalTraining(
            domain, encoded.Cells, (sizes, counts) => new NoisyMarginals(sizes, counts, plan, spending, chance), terms.Rows, [], _ => false, cancellation);
        Learn(training, plan, fraction => observer.Report(new TrainingProgress("train", fraction, Epsilon: spending.Epsilon)));
        observer.Report(new TrainingProgress("train", 1, Epsilon: spending.Epsilon));
        return new MarginalModel(
            Method, encoded.Codec, training.Model, training.Compression, training.CellShares(),
            new Dictionary<string, double>
            {
                ["cells"] = training.Model.Tree.Cells, ["cliques"] = training.Model.Tree.Nodes.Count, ["iterations"] = training.Iterations, ["epsilon"] = spending.Epsilon,
            },
            Statement(terms, spending, training), CellTable.Threads(request.Threads));
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return MarginalModel.Load(package, CellTable.Threads(threads));
    }

    /// <summary>The share of the budget for columns by themselves.</summary>
    private protected abstract double SingleShare(Domain domain);

    /// <summary>The other phases; their shares and <see cref="SingleShare"/> add up to 1. Must depend on the domain only.</summary>
    private protected abstract IReadOnlyList<(string Name, long Releases, double Share)> Phases(Domain domain);

    /// <summary>Measures what hangs together and fits it.</summary>
    private protected abstract void Learn(MarginalTraining training, MarginalPlan plan, Action<double> progress);

    /// <summary>All pairs of columns.</summary>
    private protected static List<Clique> Pairs(Domain domain) =>
        [.. Enumerable.Range(0, domain.Attributes).SelectMany(a => Enumerable.Range(a + 1, domain.Attributes - a - 1).Select(b => domain.Clique(a, b)))];

    private static PrivacyStatement Statement(PrivacyTerms terms, PrivacySpending spending, MarginalTraining training) => new()
    {
        Guaranteed = true,
        Epsilon = spending.Epsilon,
        Delta = terms.Delta,
        Unit = terms.UnitColumn ?? PrivacyStatement.RowUnit,
        MaxRowsPerUnit = terms.MaxRowsPerUnit,
        Event = spending.Total,
        Rows = terms.Rows ?? (long)training.Rows,
        Declared =
        [
            "kinds, bounds, categories and bins of all columns", .. terms.Rows is null ? Array.Empty<string>() : ["number of rows"],
            .. terms.UnitColumn is null ? ["that every person has at most one row"] : Array.Empty<string>(),
        ],
        Bought = terms.Rows is null ? ["number of rows"] : [],
        Outside = ["how long the training took and how much memory", "reports that compare drawn rows with the training table"],
    };
}
