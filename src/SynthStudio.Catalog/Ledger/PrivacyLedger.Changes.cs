using System.Data.Common;
using System.Security.Cryptography;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Ledger;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Catalog;

/// <summary>How a change becomes durable, and what it needs to know.</summary>
public sealed partial class PrivacyLedger
{
    /// <summary>A writer that another one overtook reads again; with a database that lets one transaction write at a time it never happens.</summary>
    private const int Tries = 40;

    /// <summary>Longest pause before the second try, in milliseconds; it grows with every further one. By chance, so that those who met part.</summary>
    private const int Pause = 4;

    /// <summary>How far the spent event may lie above what was reserved before it counts as overspent: rounding of the accountants.</summary>
    private const double Rounding = 1 + 1e-6;

    private const string OfJob = "SELECT population, nano_epsilon, atto_delta, state, times, generator, dataset, part FROM privacy_reservations WHERE job = @job ORDER BY population";
    private const string ObjectOf = "SELECT object FROM datasets WHERE name = @dataset AND object IS NOT NULL";

    /// <summary>The event in a form the ledger can price, and the epsilon that it proves at the statement's delta; an empty text keeps the box.</summary>
    private static (string Json, double Epsilon) Price(PrivacyStatement statement)
    {
        try
        {
            var spent = PrivacyEventJson.Parse(statement.EventJson);
            return EventPrice.Of(spent).Curve.Any(double.IsFinite) ? (statement.EventJson, Epsilon(spent, statement.Delta)) : ("", double.PositiveInfinity);
        }
        catch (PrivacyException)
        {
            return ("", statement.Epsilon); // No accountant here knows it: what was reserved bounds it, as its worker claims.
        }
    }

    private async Task<List<string>> PopulationsAsync(LedgerTransaction change, string dataset, CancellationToken cancellation)
    {
        var found = await PopulationMap.FindAsync(change.Connection, dataset, cancellation);
        if (found.Count > 0) return found;

        await RegisterAsync(change, dataset, TableFingerprints.None, cancellation);
        return await PopulationMap.FindAsync(change.Connection, dataset, cancellation);
    }

    /// <summary>The declared part of a population's data set that terms are for; null for the whole table, or where nothing is divided.</summary>
    /// <exception cref="PartitionException">It is none, or the promise is for units that may be in several.</exception>
    private static LedgerPart? PartOf(string dataset, PrivacyTerms terms, LedgerState state)
    {
        if (terms.PartJson is not { } json) return null;
        var part = PartitionPart.Parse(json);
        if (state.Parts.Datasets.FirstOrDefault(d => d.Dataset == dataset)?.Partition.Find(part.Name) != part)
        {
            throw new PartitionException(
                PartitionProblem.Unknown, dataset,
                $"{dataset} has no part '{part.Name}' of the rows that this training would learn: its owner declares parts with DeclarePrivacyPartition (synth privacy partition).");
        }

        if (terms.UnitColumn.Length > 0 && terms.UnitColumn != part.Column)
        {
            throw new PartitionException(
                PartitionProblem.NotByUnit, dataset,
                $"The promise is for all rows of one '{terms.UnitColumn}', who may have rows in several parts by '{part.Column}': divide {dataset} by '{terms.UnitColumn}', or train on the whole table.");
        }

        return new LedgerPart(dataset, part.Name);
    }

    /// <summary>By privacy loss distributions, or by Rényi divergence where an event has none.</summary>
    private static double Epsilon(PrivacyEvent spent, double delta) => PrivacyEvents.Flatten(spent).Any(part => part.Event is ZeroConcentratedEvent)
        ? new RdpAccountant().Epsilon(spent, delta)
        : new PldAccountant().Epsilon(spent, delta);

    private async Task RegisterAsync(LedgerTransaction change, string dataset, TableFingerprints fingerprints, CancellationToken cancellation)
    {
        var stored = await change.Connection.Command(ObjectOf, ("@dataset", dataset)).ReadAsync(r => CatalogJson.Read<ObjectRef>(r.GetString(0)), cancellation);
        var sha256 = stored.FirstOrDefault()?.Sha256 ?? "";
        await PopulationMap.RegisterAsync(change.Connection, dataset, sha256, fingerprints, _services.Time.GetUtcNow(), cancellation);
    }

    private static Task<Population> AppendAsync(
        LedgerTransaction change, Population population, LedgerEntry entry, HeldReservation held, CancellationToken cancellation) =>
        change.AppendAsync(
            population, entry, new LedgerOrigin(held.Generator, held.Dataset, held.Generator),
            $"{entry.Kind} {LedgerAudit.JobOf(entry)} {held.Times}", held.Reservation, cancellation);

    private static async Task<bool> IsDoneAsync(LedgerTransaction change, string population, string operation, CancellationToken cancellation) =>
        (await change.Connection.Command(
            "SELECT 1 FROM privacy_entries WHERE population = @population AND operation = @operation", ("@population", population), ("@operation", operation))
            .ReadAsync(r => r.GetInt32(0), cancellation)).Count > 0;

    private static Task<List<HeldReservation>> ReservationsAsync(LedgerTransaction change, string job, CancellationToken cancellation) =>
        change.Connection.Command(OfJob, ("@job", job)).ReadAsync(
            r => new HeldReservation(
                r.GetString(0), new Reservation(
                    new PrivacyPrice(r.GetInt64(1), r.GetInt64(2)), r.GetEnum<ReservationState>(3),
                    r.GetString(7) is { Length: > 0 } part ? new LedgerPart(r.GetString(6), part) : null),
                r.GetInt32(4),
                r.GetString(5), r.GetString(6)), cancellation);

    private Task<bool> ChangeAsync(Func<LedgerTransaction, Task> change, CancellationToken cancellation) => ChangeAsync(
        async transaction =>
        {
            await change(transaction);
            return true;
        }, cancellation);

    private async Task<T> ChangeAsync<T>(Func<LedgerTransaction, Task<T>> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await LedgerTransaction.BeginAsync(_services, cancellation);
                var answer = await change(transaction);
                await transaction.CommitAsync(cancellation);
                return answer;
            }
            catch (Exception e) when (attempt < Tries && IsOvertaken(e))
            {
                // Somebody else was first: look again.
                await Task.Delay(RandomNumberGenerator.GetInt32(Pause * Math.Min(attempt, 16)), cancellation);
            }
        }
    }

    private static bool IsOvertaken(Exception error) => error is LedgerMovedException
        || (error is DbException database && (SqlErrors.IsUniqueViolation(database) || SqlErrors.IsOvertaken(database)));

    private sealed record HeldReservation(string Population, Reservation Reservation, int Times, string Generator, string Dataset);
}
