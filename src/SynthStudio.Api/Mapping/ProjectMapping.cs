using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Mapping;

/// <summary>Projects, what they keep and what they used, from and to the wire.</summary>
internal static class ProjectMapping
{
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    public static V1.Project ToProto(this ProjectRecord project, ProjectRole? role) => new()
    {
        Name = project.Name,
        DisplayName = project.DisplayName,
        Role = role.ToProto(),
        CreateTime = project.CreateTime.ToProto(),
        UpdateTime = project.UpdateTime.ToProto(),
        Etag = Etags.Of(project.Version),
        Retention = project.Retention.KeepsAll ? null : project.Retention.ToProto(),
        DeleteTime = project.DeleteTime?.ToProto(),
        PurgeTime = project.PurgeTime?.ToProto(),
    };

    public static V1.ProjectMember ToProto(this ProjectMemberRecord member) => new()
    {
        Name = $"{member.Project}/members/{ResourceName.Id(member.User)}",
        User = member.User,
        Role = ((ProjectRole?)member.Role).ToProto(),
    };

    public static V1.ProjectRole ToProto(this ProjectRole? role) => role switch
    {
        ProjectRole.Auditor => V1.ProjectRole.Auditor,
        ProjectRole.Viewer => V1.ProjectRole.Viewer,
        ProjectRole.Editor => V1.ProjectRole.Editor,
        ProjectRole.Owner => V1.ProjectRole.Owner,
        _ => V1.ProjectRole.Unspecified,
    };

    /// <summary>The role in a field.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is none.</exception>
    public static ProjectRole ToRecord(this V1.ProjectRole role, string field) => role switch
    {
        V1.ProjectRole.Auditor => ProjectRole.Auditor,
        V1.ProjectRole.Viewer => ProjectRole.Viewer,
        V1.ProjectRole.Editor => ProjectRole.Editor,
        V1.ProjectRole.Owner => ProjectRole.Owner,
        _ => throw ApiErrors.InvalidField(field, "must be auditor, viewer, editor or owner."),
    };

    /// <param name="policy">As sent; null keeps all.</param>
    /// <param name="field">Its path, for errors.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: something is kept for less than a day.</exception>
    public static RetentionPolicy ToRecord(this V1.RetentionPolicy? policy, string field)
    {
        return policy is null ? new RetentionPolicy() : new RetentionPolicy
        {
            Datasets = Read(policy.Datasets, "datasets"), Generators = Read(policy.Generators, "generators"),
            SyntheticDatasets = Read(policy.SyntheticDatasets, "synthetic_datasets"), Evaluations = Read(policy.Evaluations, "evaluations"),
            EvidencePacks = Read(policy.EvidencePacks, "evidence_packs"),
        };

        TimeSpan? Read(Duration? time, string name) => time is null ? null
            : time.ToTimeSpan() is var span && span >= ShortestRetention ? span
            : throw ApiErrors.InvalidField($"{field}.{name}", "must be at least a day (86400s); leave it out to keep everything.");
    }

    public static V1.RetentionItem ToProto(this AgedItem item) =>
        new() { Name = item.Name, UpdateTime = item.UpdateTime.ToProto(), KeptBecause = item.KeptBecause };

    public static V1.JobKindUsage ToProto(this JobUsage usage) => new()
    {
        Kind = usage.Kind.ToProto(),
        Jobs = usage.Jobs,
        RunTime = Duration.FromTimeSpan(usage.RunTime),
        AcceleratorTime = Duration.FromTimeSpan(usage.AcceleratorTime),
        Rows = usage.Rows,
        Bytes = usage.Bytes,
    };

    public static V1.ArrivalUsage ToProto(this Arrivals came) => new()
    {
        Source = came.Source switch
        {
            ArrivalSource.Upload => "upload",
            ArrivalSource.Import => "import",
            ArrivalSource.Package => "package",
            _ => "evidence_pack",
        },
        Arrivals = came.Count,
        Bytes = came.Bytes,
    };

    /// <summary>Bytes that came, and that jobs made.</summary>
    public static long AddedBytes(IEnumerable<JobUsage> made, IEnumerable<Arrivals> came) =>
        made.Sum(jobs => jobs.Bytes) + came.Sum(arrivals => arrivals.Bytes);

    /// <summary>A month as people write it, <c>2026-11</c>.</summary>
    public static string MonthOf(DateTimeOffset start) => start.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The start of a month.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is none.</exception>
    public static DateTimeOffset ToMonth(string month, string field) =>
        DateTimeOffset.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? start
            : throw ApiErrors.InvalidField(field, "must be a month such as 2026-11.");

    /// <summary>The start of the month that a time is in.</summary>
    public static DateTimeOffset MonthStart(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static V1.RetentionPolicy ToProto(this RetentionPolicy policy)
    {
        return new V1.RetentionPolicy
        {
            Datasets = Write(policy.Datasets), Generators = Write(policy.Generators), SyntheticDatasets = Write(policy.SyntheticDatasets),
            Evaluations = Write(policy.Evaluations), EvidencePacks = Write(policy.EvidencePacks),
        };

        static Duration? Write(TimeSpan? time) => time is { } span ? Duration.FromTimeSpan(span) : null;
    }
}
