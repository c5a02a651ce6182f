using System.Diagnostics;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.LedgerTorture;

/// <summary>
/// One client process: reserves, touches, commits, gives back, repeats itself, and breaks off or dies between any two durable steps. What it
/// does next follows from its journal and its seed, so that the process after it goes on where it died.
/// </summary>
internal sealed class TortureClient(TortureOptions options, int client)
{
    private const string Done = "ok", Refused = "refused", Not = "not";

    /// <summary>Differs from process to process: a repeat must not die at the same step for ever.</summary>
    private readonly Random _fate = new(HashCode.Combine(options.Seed, client, Environment.ProcessId, Stopwatch.GetTimestamp()));

    private PrivacyLedger _ledger = null!;

    public static string JobName(int client, int job) => $"{Place.Project}/jobs/c{client}-{job}";

    public async Task RunAsync(int operations)
    {
        _ledger = Place.Open(options.Folder, new JumpingClock(_fate), Reach, options.Fault);
        using var journal = ClientJournal.Open(options.Folder, client);
        var open = new OpenJobs();
        foreach (var (operation, answer) in journal.Entries) open.Note(operation, answer == Done);
        while (true)
        {
            var isBroken = journal.Entries is [.., (_, null)];
            var number = isBroken ? journal.Entries[^1].Operation.Number : journal.Entries.Count;
            if (number >= operations) return;
            var operation = isBroken ? journal.Entries[^1].Operation : open.Next(number, new Random(HashCode.Combine(options.Seed, client, number)));
            journal.Begin(operation);
            var answer = await UntilAnsweredAsync(operation);
            journal.End(answer);
            open.Note(operation, answer == Done);
        }
    }

    private async Task<string> UntilAnsweredAsync(Operation operation)
    {
        while (true)
        {
            try
            {
                return await DoAsync(operation);
            }
            catch (BrokenOffException)
            {
                // Nobody knows whether it happened: ask again, as a client does.
            }
            catch (System.Data.Common.DbException e) when (e.IsTransient || e is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 or 6 })
            {
                // The database was busy for too long.
            }
        }
    }

    private async Task<string> DoAsync(Operation operation)
    {
        var job = JobName(client, operation.Job);
        var dataset = Place.Datasets[operation.Dataset];
        var terms = Place.Terms(client, operation.Job, operation.Dataset);
        try
        {
            switch (operation.Kind)
            {
                case OperationKind.Reserve:
                    await Faults.ReserveAsync(_ledger, new BudgetRequest(dataset, $"generator{client}", job, terms, $"client{client}"), options.Fault);
                    return Done;
                case OperationKind.Touch:
                    await _ledger.TouchAsync(job, CancellationToken.None);
                    return Done;
                case OperationKind.Commit:
                    await _ledger.CommitAsync(job, Place.Statement(terms), CancellationToken.None);
                    return Done;
                case OperationKind.Release:
                    return await _ledger.ReleaseAsync(job, CancellationToken.None) ? Done : Not;
                case OperationKind.NonPrivate:
                    await _ledger.RecordNonPrivateAsync(dataset, "model", $"{client}-{operation.Number}", $"client{client}", CancellationToken.None);
                    return Done;
                case OperationKind.Raise:
                    await _ledger.SetBudgetAsync(dataset, 0.25 + (operation.Number * 0.0002), 1e-4, $"client{client}", $"{client}-{operation.Number}");
                    return Done;
                default:
                    return (await _ledger.GetBudgetAsync(dataset)).Tightest.RemainingEpsilon >= 0 ? Done : Refused;
            }
        }
        catch (Exception e) when (e is BudgetExhaustedException or ReservationMissingException)
        {
            return Refused;
        }
        catch (LedgerException e) when (e.Error == LedgerError.OutOfOrder)
        {
            return Refused;
        }
    }

    private void Reach(LedgerStep step)
    {
        if (_fate.Next(options.KillEvery) == 0) Process.GetCurrentProcess().Kill();
        if (_fate.Next(options.BreakEvery) == 0) throw new BrokenOffException();
    }

    private sealed class BrokenOffException : Exception;
}
