using System.Data;
using System.Data.Common;
using SynthStudio.Catalog.Webhooks;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>
/// One change of one or more ledgers: all or nothing. A line goes in by its number, and the sum is replaced only where it still ends at the line
/// that was read (compare and swap), so that two writers cannot both build on the same end, whatever the database's isolation.
/// </summary>
internal sealed class LedgerTransaction : IAsyncDisposable
{
    private const string InsertLine = """
        INSERT INTO privacy_entries (population, sequence, name, operation, job, create_time, line, hash)
        VALUES (@population, @sequence, @name, @operation, @job, @time, @line, @hash)
        """;

    private const string ReplaceSum = """
        UPDATE privacy_populations SET state = @state, head_sequence = @sequence, head_hash = @hash WHERE name = @population AND head_sequence = @seen
        """;

    private const string WriteReservation = """
        INSERT INTO privacy_reservations (population, job, generator, dataset, nano_epsilon, atto_delta, state, times, part)
        VALUES (@population, @job, @generator, @dataset, @epsilon, @delta, @state, 1, @part)
        ON CONFLICT (population, job) DO UPDATE SET
            state = excluded.state, nano_epsilon = excluded.nano_epsilon, atto_delta = excluded.atto_delta, part = excluded.part,
            times = privacy_reservations.times + CASE WHEN excluded.state = 'Reserved' THEN 1 ELSE 0 END
        """;

    private readonly LedgerServices _services;
    private readonly DbTransaction _transaction;

    /// <summary>Ledgers beyond what the anchor knows: those that are changed here, and those whose last writer died before it was noted.</summary>
    private readonly Dictionary<string, Population> _ahead = new(StringComparer.Ordinal);

    private LedgerTransaction(LedgerServices services, DbConnection connection, DbTransaction transaction)
    {
        _services = services;
        _transaction = transaction;
        Connection = connection;
    }

    public DbConnection Connection { get; }

    public static async Task<LedgerTransaction> BeginAsync(LedgerServices services, CancellationToken cancellation)
    {
        var connection = await services.Database.OpenConnectionAsync(cancellation);
        try
        {
            var begun = new LedgerTransaction(services, connection, await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellation));
            services.Reach(LedgerStep.Begun);
            return begun;
        }
        catch
        {
            await connection.DisposeAsync(); // Takes the transaction with it.
            throw;
        }
    }

    /// <summary>The ledger as it stands, after checking that it is what was acknowledged.</summary>
    /// <exception cref="LedgerUnsafeException">It is not.</exception>
    public async Task<Population> LoadAsync(string name, CancellationToken cancellation)
    {
        if (_ahead.TryGetValue(name, out var known)) return known;

        var (population, isAnchored) = await LedgerReading.LoadAsync(Connection, _services, name, cancellation);
        if (!isAnchored) _ahead.Add(name, population);
        return population;
    }

    /// <summary>Adds an entry and answers the ledger after it.</summary>
    /// <param name="before">The ledger before.</param>
    /// <param name="entry">What to add.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="operation">Makes the entry happen once.</param>
    /// <param name="known">The reservation of the entry's job before it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="LedgerException">The entry cannot follow.</exception>
    public async Task<Population> AppendAsync(
        Population before, LedgerEntry entry, LedgerOrigin origin, string operation, Reservation? known, CancellationToken cancellation)
    {
        var state = _services.Rules(before.State, entry, known);
        var time = Math.Max(Microseconds.From(_services.Time.GetUtcNow()), before.Time + 1); // A clock that was set back does not reorder the lines.
        var text = new LedgerLine(before.Sequence + 1, time, origin.Actor, origin.Dataset, entry).ToText();
        var after = new Population(before.Name, state, before.Sequence + 1, LedgerLine.Hash(_services.Key.Chain, before.Hash, text), time);
        var job = LedgerAudit.JobOf(entry);
        await Connection.Command(
            InsertLine, ("@population", after.Name), ("@sequence", after.Sequence), ("@name", $"{after.Name}/events/{after.Sequence:D12}"),
            ("@operation", operation), ("@job", job ?? ""), ("@time", time), ("@line", text), ("@hash", after.Hash)).ExecuteAsync(cancellation);
        _services.Reach(LedgerStep.LineAdded);
        if (job is not null && LedgerState.ReservationAfter(entry, known) is { } next)
        {
            await Connection.Command(
                WriteReservation, ("@population", after.Name), ("@job", job), ("@generator", origin.Generator), ("@dataset", origin.Dataset),
                ("@epsilon", next.Price.NanoEpsilon), ("@delta", next.Price.AttoDelta), ("@state", next.State),
                ("@part", next.Part?.Name ?? "")).ExecuteAsync(cancellation);
        }

        var swapped = await Connection.Command(
            ReplaceSum, ("@population", after.Name), ("@state", CatalogJson.Write(state)), ("@sequence", after.Sequence), ("@hash", after.Hash),
            ("@seen", before.Sequence)).ExecuteAsync(cancellation);
        if (swapped != 1) throw new LedgerMovedException(after.Name);
        _services.Reach(LedgerStep.SumReplaced);
        if (BudgetArithmetic.Warning(before.State, state) is { } warning)
        {
            var what = WebhookEvent.OfBudget(
                warning, origin.Dataset, $"{after.Name}/events/{after.Sequence:D12}", BudgetArithmetic.SpentEpsilon(state), state.Budget!.Value.Epsilon, Microseconds.ToTime(time));
            await WebhookOutbox.NoteAsync(Connection, what, cancellation);
        }

        return _ahead[after.Name] = after;
    }

    /// <summary>
    /// Makes everything durable, then notes it in the anchor. Nothing is acknowledged before both, also
    /// not when it is repeated and was durable before.
    /// </summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        _services.Reach(LedgerStep.BeforeCommit);
        await _transaction.CommitAsync(cancellation);
        _services.Reach(LedgerStep.Committed);
        if (_ahead.Count > 0) await _services.Anchor.AdvanceAsync([.. _ahead.Values.Select(p => (p.Name, p.Head))], CancellationToken.None);
        _services.Reach(LedgerStep.Anchored);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}

/// <summary>Where an entry comes from.</summary>
internal readonly record struct LedgerOrigin(string Actor, string Dataset, string Generator = "");

/// <summary>Another writer added to the ledger in between: read it again.</summary>
internal sealed class LedgerMovedException(string population) : Exception($"The ledger of {population} has moved on.");
