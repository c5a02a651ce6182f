using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>What a method learns of a table's domain before it learns the table, and pays for: categories, bounds, and edges of bins.</summary>
internal sealed class DomainPurchase
{
    /// <summary>Names of the phases in a <see cref="NoisePlan"/>.</summary>
    private const string CategoriesPhase = "categories", BoundsPhase = "bounds", EdgesPhase = "edges";

    /// <summary>Levels of halving that bought bounds get: how wide they will be is not known when the budget is planned.</summary>
    private const int LevelsOfBoughtBounds = 16;

    private readonly TableSchema schema;
    private readonly int bins;
    private readonly List<string> categories;
    private readonly List<string> bounds;
    private readonly List<(string Name, int Levels)> edges;

    /// <param name="schema">As declared.</param>
    /// <param name="options">
    /// What is bought where it is not declared; it is refused otherwise. Edges are bought of columns that declare no number of bins.
    /// </param>
    /// <exception cref="SynthesisException">Something is neither declared nor bought.</exception>
    public DomainPurchase(TableSchema schema, DomainOptions options)
    {
        DeclaredDomains.Demand(schema, options.BuysBounds, options.BuysCategories);
        (this.schema, bins) = (schema, options.Bins);
        var open = schema.Columns.Select(c => (c.Name, Domain: schema.Domains[c.Name])).ToList();
        categories = [.. open.Where(c => c.Domain is { Kind: ColumnKind.Categorical, Values: null }).Select(c => c.Name)];
        var numbers = open.Where(c => c.Domain.Schema(c.Name).IsNumeric).ToList();
        bounds = [.. numbers.Where(c => !c.Domain.IsBounded).Select(c => c.Name)];
        edges = [.. numbers.Where(c => options.BuysEdges && c.Domain.Bins is null && !(c.Domain.IsBounded && Values(c.Domain) <= bins))
            .Select(c => (c.Name, c.Domain.IsBounded ? QuantileTree.Levels(c.Domain) + 1 : LevelsOfBoughtBounds + 1))];
    }

    /// <summary>What thresholds add to delta, as a share of that of the terms.</summary>
    public double DeltaShare => categories.Count > 0 ? 0.1 : 0;

    /// <summary>The phases of a plan, with shares that add up to <paramref name="share"/>, or none when nothing is bought.</summary>
    public IReadOnlyList<(string Name, long Releases, double Share)> Phases(double share)
    {
        (string Name, long Releases, double Weight)[] phases =
            [(CategoriesPhase, categories.Count, 2), (BoundsPhase, bounds.Count, 1), (EdgesPhase, edges.Sum(e => (long)e.Levels), 2)];
        var weights = phases.Where(p => p.Releases > 0).Sum(p => p.Weight);
        return [.. phases.Where(p => p.Releases > 0).Select(p => (p.Name, p.Releases, share * p.Weight / weights))];
    }

    /// <summary>What was bought, for people; empty when nothing was.</summary>
    public IReadOnlyList<string> Bought =>
    [
        .. categories.Select(name => $"categories of '{name}'"), .. bounds.Select(name => $"bounds of '{name}'"), .. edges.Select(e => $"edges of the bins of '{e.Name}'"),
    ];

    /// <summary>Buys: the schema with all domains closed, and the edges by column.</summary>
    public (TableSchema Schema, IReadOnlyDictionary<string, double[]> Edges) Buy(
        Table table, PrivacyTerms terms, NoisePlan plan, PrivacySpending spending, SecureBits bits)
    {
        var domains = new Dictionary<string, ColumnDomain>(schema.Domains);
        if (categories.Count > 0)
        {
            var delta = terms.Delta * DeltaShare;
            spending.Spend(new ComposedEvent([plan.Levels[CategoriesPhase].Event.Times(categories.Count), new ApproximateDpEvent(0, delta)]));
            foreach (var name in categories)
            {
                domains[name] = domains[name] with
                {
                    Values = CategoryThreshold.Categories(
                        (CodedColumn)table[name], terms.MaxRowsPerUnit, plan.Levels[CategoriesPhase], delta / categories.Count, bits),
                };
            }
        }

        if (bounds.Count > 0)
        {
            spending.Spend(plan.Levels[BoundsPhase].Event.Times(bounds.Count));
            foreach (var name in bounds)
                domains[name] = BoundHistogram.Bounded(((NumericColumn)table[name]).Values, domains[name], plan.Levels[BoundsPhase], bits);
        }

        var knots = new Dictionary<string, double[]>();
        if (edges.Count > 0)
        {
            spending.Spend(plan.Levels[EdgesPhase].Event.Times(edges.Sum(e => (long)e.Levels)));
            foreach (var (name, levels) in edges)
                knots[name] = QuantileTree.Edges(((NumericColumn)table[name]).Values, domains[name], bins, levels - 1, plan.Levels[EdgesPhase], bits);
        }

        return (schema with { Domains = domains }, knots);
    }

    private static double Values(ColumnDomain domain) =>
        DeclaredCodec.Grid(domain) is { Step: > 0 } grid ? (domain.Max!.Value - domain.Min!.Value) / grid.Step + 1 : double.PositiveInfinity;
}
