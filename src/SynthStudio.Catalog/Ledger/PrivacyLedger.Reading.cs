using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>What the ledger tells.</summary>
public sealed partial class PrivacyLedger
{
    private const string Lines = $"""
        SELECT * FROM (
            SELECT e.name, e.create_time, e.line, r.state
            FROM privacy_entries e JOIN privacy_datasets d ON d.population = e.population
            LEFT JOIN privacy_reservations r ON r.population = e.population AND r.job = e.job
            WHERE d.dataset = @dataset) AS lines
        WHERE {Sql.PageClause}
        """;

    private const string BadgeStates = """
        SELECT d.dataset, p.state FROM privacy_datasets d JOIN privacy_populations p ON p.name = d.population
        """;

    /// <summary>How the budget of a data set stands, in each of its populations. Checked against the chain's end and the anchor.</summary>
    /// <exception cref="LedgerUnsafeException">The ledger is not what was acknowledged.</exception>
    public Task<DatasetBudget> GetBudgetAsync(string dataset, CancellationToken cancellation = default) => ChangeAsync(async change =>
    {
        var populations = new List<PopulationBudget>();
        foreach (var name in await PopulationsAsync(change, dataset, cancellation))
        {
            var population = await change.LoadAsync(name, cancellation);
            var datasets = await change.Connection.Command(
                "SELECT dataset FROM privacy_datasets WHERE population = @population ORDER BY dataset", ("@population", name))
                .ReadAsync(r => r.GetString(0), cancellation);
            populations.Add(new PopulationBudget(
                name, population.State.Budget, BudgetArithmetic.SpentEpsilon(population.State), BudgetArithmetic.RemainingEpsilon(population.State),
                population.State.PrivateReleases, population.State.NonPrivateReleases, population.Sequence, datasets,
                [.. population.State.Parts.Datasets.Select(d => BudgetArithmetic.Standing(population.State, d))]));
        }

        return new DatasetBudget(dataset, populations);
    }, cancellation);

    /// <summary>How the budget of a data set stands against a price, in the population that leaves least room.</summary>
    public Task<BudgetFigures> FiguresAsync(string dataset, PrivacyTerms asked, CancellationToken cancellation = default) => ChangeAsync(async change =>
    {
        var figures = new List<BudgetFigures>();
        foreach (var name in await PopulationsAsync(change, dataset, cancellation))
        {
            var state = (await change.LoadAsync(name, cancellation)).State;
            figures.Add(BudgetArithmetic.Figures(state, asked, PartOf(dataset, asked, state)));
        }

        return figures.MinBy(f => f.Fits ? double.MaxValue : f.BudgetEpsilon is null ? -1 : f.FitsEpsilon)!;
    }, cancellation);

    /// <summary>How a data set is divided; null when it is not.</summary>
    public Task<Partition?> FindPartitionAsync(string dataset, CancellationToken cancellation = default) => ChangeAsync(async change =>
    {
        foreach (var name in await PopulationsAsync(change, dataset, cancellation))
        {
            var state = (await change.LoadAsync(name, cancellation)).State;
            if (state.Parts.Datasets.FirstOrDefault(d => d.Dataset == dataset)?.Partition is { } found) return found;
        }

        return null;
    }, cancellation);

    /// <summary>The events of a data set's populations, newest first.</summary>
    public Task<Page<LedgerRecord>> ListAsync(string dataset, PageRequest page, CancellationToken cancellation = default) => _services.Database.ReadPageAsync(
        Lines,
        r => new LedgerRecord
        {
            Name = r.GetString(0),
            CreateTime = r.GetTime(1),
            Line = LedgerLine.Parse(r.GetString(2)),
            State = r.IsDBNull(3) ? null : r.GetEnum<ReservationState>(3),
        },
        page, cancellation, ("@dataset", dataset));

    /// <summary>What data sets' badges say; those that nobody registered are left out.</summary>
    public async Task<IReadOnlyDictionary<string, PrivacyBadge>> BadgesAsync(IReadOnlyList<string> datasets, CancellationToken cancellation = default)
    {
        if (datasets.Count == 0) return new Dictionary<string, PrivacyBadge>();
        var names = datasets.Select((name, i) => (Name: $"@d{i}", Value: (object?)name)).ToArray();
        var states = await _services.Database.ReadAsync(
            $"{BadgeStates} WHERE d.dataset IN ({string.Join(", ", names.Select(n => n.Name))})",
            r => (Dataset: r.GetString(0), State: CatalogJson.Read<LedgerState>(r.GetString(1))), cancellation, names);
        return states.GroupBy(s => s.Dataset).ToDictionary(g => g.Key, g => g.Max(s => BadgeOf(s.State)));
    }

    /// <summary>Reads a population's whole ledger again: every hash, every decision, every sum.</summary>
    /// <exception cref="LedgerException">A line is missing or changed, or the stored sum is not what the lines come to.</exception>
    /// <exception cref="LedgerUnsafeException">The ledger is not what was acknowledged.</exception>
    public Task<LedgerAuditResult> AuditAsync(string population, CancellationToken cancellation = default) => ChangeAsync(async change =>
    {
        var stored = await change.LoadAsync(population, cancellation);
        var lines = await LedgerReading.LinesAsync(change.Connection, population, cancellation);
        var audit = LedgerAudit.Run(_services.Key.Chain, lines);
        return audit.State == stored.State && audit.Sequence == stored.Sequence
            ? audit
            : throw new LedgerException(LedgerError.ChainBroken, $"The stored sum of {population} is not what its {audit.Sequence} lines come to.");
    }, cancellation);

    /// <summary>All populations, by name.</summary>
    public async Task<IReadOnlyList<string>> ListPopulationsAsync(CancellationToken cancellation = default) =>
        await _services.Database.ReadAsync("SELECT name FROM privacy_populations ORDER BY name", r => r.GetString(0), cancellation);

    internal static PrivacyBadge BadgeOf(LedgerState state) => state switch
    {
        { NonPrivateReleases: > 0 } => PrivacyBadge.NotGuaranteed,
        { PrivateReleases: > 0 } => PrivacyBadge.Guaranteed,
        _ => PrivacyBadge.Unreleased,
    };
}
