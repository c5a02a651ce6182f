using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Api.Privacy;

/// <summary>Budgets, ledger lines and statements, to the wire.</summary>
internal static class PrivacyMapping
{
    /// <summary>What drawing from a model under a promise costs.</summary>
    public const string FreeDrawing = "Drawing rows from the released model costs no privacy, however many and however often.";

    /// <summary>What drawing from any other model costs.</summary>
    public const string NoPromise = "The model promises nothing: its rows tell of the table that it learned, and no budget bounds what.";

    /// <summary>What is to be said of a generator that makes its rows of a declaration.</summary>
    public const string NoData = "No data was read: the rows are made from what was declared alone. There is nobody in them whom a promise could protect, and no budget to spend.";

    /// <summary>What drawing from a model costs that was trained elsewhere.</summary>
    public const string ImportedDrawing = "The model was imported: drawing from it costs no budget of this server. What it promises about the people it learned is its signer's claim.";

    /// <summary>What this server cannot say of such a model.</summary>
    public const string Imported = "all of it: the model was imported, and what it promises is its signer's claim (origin)";

    public static V1.PrivacyBudget ToProto(this DatasetBudget budget)
    {
        var tightest = budget.Tightest;
        return new V1.PrivacyBudget
        {
            Name = budget.Dataset + "/privacyBudget",
            Epsilon = tightest.Budget?.Epsilon ?? 0,
            Delta = tightest.Budget?.Delta ?? 0,
            SpentEpsilon = tightest.SpentEpsilon,
            RemainingEpsilon = tightest.RemainingEpsilon,
            Badge = budget.Badge.ToProto(),
            Populations =
            {
                budget.Populations.Select(p => new V1.PrivacyPopulation
                {
                    Name = p.Name,
                    Datasets = { p.Datasets },
                    Epsilon = p.Budget?.Epsilon ?? 0,
                    Delta = p.Budget?.Delta ?? 0,
                    SpentEpsilon = p.SpentEpsilon,
                    PrivateReleases = p.PrivateReleases,
                    NonPrivateReleases = p.NonPrivateReleases,
                    Partitions = { p.Partitions.Select(d => d.Partition.ToProto(d.Dataset, d.SpentEpsilon)) },
                }),
            },
        };
    }

    public static V1.PrivacyBadge ToProto(this PrivacyBadge badge) => badge switch
    {
        PrivacyBadge.Unreleased => V1.PrivacyBadge.Unreleased,
        PrivacyBadge.Guaranteed => V1.PrivacyBadge.Guaranteed,
        _ => V1.PrivacyBadge.NotGuaranteed,
    };

    public static V1.PrivacyEvent ToProto(this LedgerRecord record)
    {
        var (line, entry) = (record.Line, record.Line.Entry);
        var proto = new V1.PrivacyEvent
        {
            Name = record.Name,
            Sequence = line.Sequence,
            Dataset = line.Dataset,
            Actor = line.Actor,
            CreateTime = record.CreateTime.ToProto(),
            Job = LedgerAudit.JobOf(entry) ?? "",
        };
        switch (entry)
        {
            case BudgetSet set:
                (proto.Kind, proto.Epsilon, proto.Delta) = (V1.PrivacyEventKind.BudgetSet, set.Budget.Epsilon, set.Budget.Delta);
                break;
            case Reserved asked:
                (proto.Kind, proto.Epsilon, proto.Delta) = (V1.PrivacyEventKind.Reserved, asked.Price.Epsilon, asked.Price.Delta);
                proto.Part = asked.Part?.Name ?? "";
                break;
            case Touched:
                proto.Kind = V1.PrivacyEventKind.Touched;
                break;
            case Committed done:
                (proto.Kind, proto.EventsJson) = (V1.PrivacyEventKind.Committed, done.Event);
                break;
            case Released:
                proto.Kind = V1.PrivacyEventKind.Released;
                break;
            case PartitionDeclared divided:
                (proto.Kind, proto.Partition) = (V1.PrivacyEventKind.PartitionDeclared, divided.Partition.ToProto(divided.Dataset, []));
                break;
            case NonPrivateRelease open:
                (proto.Kind, proto.What, proto.Subject) = (V1.PrivacyEventKind.NonPrivate, open.What, open.Subject);
                break;
        }

        return proto;
    }

    /// <summary>The partition that an owner wants, checked.</summary>
    /// <exception cref="RpcException">A value is in two parts, or something is missing.</exception>
    public static Partition Read(V1.PrivacyPartition wanted, string field)
    {
        if (wanted.Buckets != 0 && wanted.Parts.Count > 0) throw ApiErrors.InvalidField($"{field}.buckets", "must be 0 where parts list their values.");
        try
        {
            return wanted.Buckets != 0
                ? Partition.ByHash(wanted.Column, wanted.Buckets)
                : Partition.ByValues(wanted.Column, wanted.Parts.Select(p => KeyValuePair.Create(p.Name, (IReadOnlyList<string>)[.. p.Values])));
        }
        catch (PrivacyException e)
        {
            throw ApiErrors.InvalidField($"{field}.{e.Subject}", e.Message, ErrorReasons.Of(e.Error));
        }
    }

    private static V1.PrivacyPartition ToProto(this Partition partition, string dataset, IReadOnlyList<double> spent) => new()
    {
        Dataset = dataset,
        Column = partition.Column,
        Buckets = partition.Parts[0].Buckets,
        Parts =
        {
            partition.Parts.Select((p, i) => new V1.PrivacyPart
            {
                Name = p.Name, Values = { p.Values }, SpentEpsilon = spent.Count > 0 ? spent[i] : 0,
            }),
        },
    };

    public static V1.PrivacyStatement ToProto(this AccountantSnapshot accountant)
    {
        var proto = new V1.PrivacyStatement
        {
            Guaranteed = accountant.Guaranteed,
            Releases = { accountant.Releases.Select(r => new V1.PrivacyRelease { Job = r.Job, Event = r.Event, ReleaseTime = r.Time.ToProto() }) },
            Lease = accountant.Lease is { } lease
                ? new V1.PrivacyLease
                {
                    Job = lease.Job,
                    Terms = lease.Terms.ToProto(),
                    SpentEpsilon = lease.SpentEpsilon,
                    State = lease.State switch
                    {
                        PrivacyLeaseState.Reserved => V1.PrivacyLeaseState.Reserved,
                        PrivacyLeaseState.Touched => V1.PrivacyLeaseState.Touched,
                        PrivacyLeaseState.Committed => V1.PrivacyLeaseState.Committed,
                        _ => V1.PrivacyLeaseState.Released,
                    },
                }
                : null,
        };
        if (accountant.Statement is not { } statement) return proto;

        proto.Epsilon = statement.Epsilon;
        proto.Delta = statement.Delta;
        proto.Unit = statement.Unit;
        proto.MaxRowsPerUnit = statement.MaxRowsPerUnit;
        proto.Neighbouring = statement.Neighbouring;
        proto.EventsJson = statement.EventJson;
        proto.Declared.AddRange(statement.Declared);
        proto.Bought.AddRange(statement.Bought);
        proto.Outside.AddRange(statement.Outside);
        proto.DrawingCost = FreeDrawing;
        return proto;
    }

    /// <summary>The data set that a budget belongs to.</summary>
    public static string DatasetOf(string budget) => ResourceName.Parent(budget);
}
