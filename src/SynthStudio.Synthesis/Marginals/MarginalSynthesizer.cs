using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// The frame of all methods that measure marginals with noise and fit a graphical model to them. A method adds its plan of the budget and how it
/// chooses what to measure. When a time limit is over before anything was paid for, the training is refused; afterwards what was paid for is not thrown
/// away: all of the plan is measured, and the fits end after an iteration each.
/// </summary>
public abstract class MarginalSynthesizer : ISynthesizer
{
    /// <summary>The share of the budget for what is bought of the domain, if anything is.</summary>
    private const double PurchaseShare = 0.08;

    private readonly TimeProvider time;
    private readonly Func<SecureBits> bits;

    private protected MarginalSynthesizer(TimeProvider time, Func<SecureBits>? bits) => (this.time, this.bits) = (time, bits ?? (() => new SecureBits()));

    public abstract string Method { get; }

    public abstract string Summary { get; }

    public Capabilities Capabilities => Capabilities.DifferentialPrivacy | Capabilities.Given;

    public MemoryNeed Memory => MemoryNeed.Megabytes(200, 1);

    public IReadOnlyList<MethodOption> Options { get; } = DomainOptions.Known(bins: 32);

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var limit = new TimeLimit(Method, request, time);
        var options = DomainOptions.Of(new MethodOptions(Method, Options, request.Options));
        var terms = PrivacyTerms.Demanded(request, Method);
        CellTable.RequireCpu(request.Device);
        var purchase = new DomainPurchase(table.Schema, options);
        observer.Report(new TrainingProgress("encode", 0));
        var columns = DeclaredDomains.Varying(table.Schema);
        var bought = purchase.Phases(PurchaseShare);
        var plan = NoisePlan.For(
            terms,
            [
                .. bought,
                .. new[] { (MarginalTraining.Single, (long)MarginalTraining.SlotsPerColumn * columns, SingleShare(columns)) }.Concat(Phases(columns))
                    .Select(p => (p.Item1, p.Item2, bought.Count > 0 ? p.Item3 * (1 - PurchaseShare) : p.Item3)),
            ],
            terms.Delta * purchase.DeltaShare);
        limit.DemandLeft();
        var spending = new PrivacySpending(terms, observer);
        var chance = bits();
        var (schema, edges) = purchase.Buy(table, terms, plan, spending, chance);
        var encoded = PrivateTable.Encode(table, DeclaredCodec.Of(schema, options.Bins, edges));
        var domain = new Domain(encoded.Sizes);
        observer.Report(new TrainingProgress("measure", 0, Epsilon: spending.Epsilon));
        var training = new MarginalTraining(
            domain, encoded.Cells, (sizes, counts) => new NoisyMarginals(sizes, counts, plan, spending, chance), terms.Rows,
            merged => ImpossibleCells.Of(schema, encoded.Codec, merged), ImpossibleCells.Columns(schema, encoded.Codec).Contains,
            () => limit.IsOver, cancellation);
        Learn(training, plan, fraction => observer.Report(new TrainingProgress("train", fraction, Epsilon: spending.Epsilon)));
        observer.Report(new TrainingProgress("train", 1, Epsilon: spending.Epsilon));
        return new MarginalModel(
            Method, encoded.Codec, training.Model, training.Compression, training.CellShares(),
            new Dictionary<string, double>
            {
                ["cells"] = training.Model.Tree.Cells, ["cliques"] = training.Model.Tree.Nodes.Count, ["iterations"] = training.Iterations, ["epsilon"] = spending.Epsilon,
            },
            PrivacyStatement.Kept(terms, spending.Total, spending.Epsilon, (long)training.Rows, purchase.Bought, []), CellTable.Threads(request.Threads));
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return MarginalModel.Load(package, CellTable.Threads(threads));
    }

    /// <summary>The share of the budget for columns by themselves.</summary>
    /// <param name="columns">Columns that are declared to vary, at least 1.</param>
    private protected abstract double SingleShare(int columns);

    /// <summary>The other phases; their shares and <see cref="SingleShare"/> add up to 1. Must depend on what is declared only.</summary>
    private protected abstract IReadOnlyList<(string Name, long Releases, double Share)> Phases(int columns);

    /// <summary>Measures what hangs together and fits it.</summary>
    private protected abstract void Learn(MarginalTraining training, NoisePlan plan, Action<double> progress);

    /// <summary>All pairs of columns.</summary>
    private protected static List<Clique> Pairs(Domain domain) =>
        [.. Enumerable.Range(0, domain.Attributes).SelectMany(a => Enumerable.Range(a + 1, domain.Attributes - a - 1).Select(b => domain.Clique(a, b)))];
}
