using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// A model whose every row keeps the rules of its schema: rows come out of the form in which rules cannot be broken, are checked, and those
/// that break one of the others are drawn again, within bounds.
/// </summary>
public sealed class ConstrainedModel : ITabularModel
{
    private const string Entry = "constraints.json";

    private readonly ConstraintPlan plan;

    internal ConstrainedModel(ITabularModel inner, ConstraintPlan plan)
    {
        (Inner, this.plan) = (inner, plan);
        var metrics = new Dictionary<string, double>(inner.Metrics);
        if (plan.Schema.Rules.Any())
        {
            foreach (var (name, value) in plan.Report.TrainingMetrics()) metrics[name] = value;
        }

        Metrics = metrics;
    }

    /// <summary>The model of the rows as they are learned.</summary>
    public ITabularModel Inner { get; }

    /// <summary>Operations on rows.</summary>
    internal RewrittenRows Operations => new(Inner, plan);

    public string Method => Inner.Method;

    public TableSchema Schema => plan.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; }

    public PrivacyStatement Privacy => Inner.Privacy;

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var conditions = plan.Translate(new AskedConditions(Schema, Synthesizers.Get(Method).Capabilities, request.Given));
        var selection = new RowSelection(request.Rows, [.. plan.Checks(), .. conditions.Checks], [.. plan.Keys().Select(unique => new SeenKeys(unique))]);
        var asked = plan.Balance(request) with { Given = conditions.Given, ChunkRows = (int)Math.Min(request.ChunkRows, request.Rows) };
        var rows = request.Rebalance.Count > 0 || request.Fairness is not null
            ? Balanced(
                new BalancedRows(Inner, plan, asked, selection).Of(Inner.Sample(asked, cancellation), cancellation), selection, request)
            : Select(Inner.Sample(asked with { Rows = selection.MostDraws, ExpectedRows = request.Rows }, cancellation), selection, request);
        return Chunks.Resize(rows, request.FirstChunkRows, request.ChunkRows);
    }

    public void Save(Stream destination, PackageFacts facts)
    {
        using var buffer = new MemoryStream();
        Inner.Save(buffer, facts);
        buffer.Position = 0;
        var package = ModelPackage.Open(buffer);
        var entries = package.Manifest.Entries.Keys.ToDictionary(name => name, name => package[name]);
        entries[Entry] = plan.ToJson();
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, entries, Privacy, package.Manifest.Choice);
    }

    public void Dispose() => Inner.Dispose();

    /// <summary>Puts the rules of a package around the model that came out of it.</summary>
    internal static ITabularModel Around(ITabularModel inner, ModelPackage package) =>
        PlanOf(package) is { } plan ? new ConstrainedModel(inner, plan) : inner;

    /// <summary>How the rows of a package's model are written; null when as they are.</summary>
    /// <exception cref="SynthesisException">The entry cannot be read.</exception>
    internal static ConstraintPlan? PlanOf(ModelPackage package) =>
        package.Manifest.Entries.ContainsKey(Entry) ? ConstraintPlan.FromJson(package[Entry]) : null;

    private IEnumerable<Table> Select(IEnumerable<Table> drawn, RowSelection selection, SampleRequest request)
    {
        foreach (var chunk in drawn)
        {
            var kept = selection.Keep(plan.Backward(chunk));
            Tell(selection, request);
            if (kept.RowCount > 0) yield return kept;
            if (selection.IsComplete) yield break;
        }

        throw selection.Unmet();
    }

    private IEnumerable<Table> Balanced(IEnumerable<Table> rows, RowSelection selection, SampleRequest request)
    {
        foreach (var table in rows)
        {
            Tell(selection, request);
            yield return table;
        }
    }

    private void Tell(RowSelection selection, SampleRequest request) =>
        request.Reported?.Invoke(plan.Report with { Drawn = selection.Drawn, Rejected = selection.Rejected });
}
