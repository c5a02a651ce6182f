using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Something that happened in a project. Its body is a CloudEvent 1.0 in JSON: names and states, no values of data.</summary>
/// <param name="Project">Where.</param>
/// <param name="Id">Of its own for each event, and the same however often it is noted: 32 lower-case hexadecimal digits.</param>
/// <param name="Type">What (<see cref="EventTypes"/>).</param>
/// <param name="Time">When.</param>
/// <param name="Body">As it is sent.</param>
public sealed record WebhookEvent(string Project, string Id, string Type, DateTimeOffset Time, string Body)
{
    private const int IdBytes = 16;

    /// <summary>The end of a job.</summary>
    /// <exception cref="ArgumentException">The job has not ended.</exception>
    public static WebhookEvent Of(JobSnapshot job)
    {
        if (!job.HasEnded) throw new ArgumentException($"{job.Name} has not ended.", nameof(job));
        return Write(ResourceNames.Project(job.Name), IdOf($"{job.Name} {job.State}"), EventTypes.Of(job.Kind, job.State), job.Subject, job.EndTime ?? job.CreateTime, data =>
        {
            data.WriteString("job", job.Name);
            data.WriteString("subject", job.Subject);
            data.WriteString("state", job.State.ToString().ToUpperInvariant());
            if (job.Error is { } error) data.WriteString("error_reason", error.Reason);
        });
    }

    /// <summary>The end of a transfer.</summary>
    /// <exception cref="ArgumentException">The transfer has not ended.</exception>
    public static WebhookEvent Of(TransferRecord transfer)
    {
        if (transfer.EndTime is not { } end) throw new ArgumentException($"{transfer.Name} has not ended.", nameof(transfer));
        return Write(transfer.Project, IdOf($"{transfer.Name} {transfer.CreateTime.UtcTicks} {transfer.State}"), EventTypes.Of(transfer.Spec.IsImport, transfer.State), transfer.Spec.Subject, end, data =>
        {
            data.WriteString("transfer", transfer.Name);
            data.WriteString("subject", transfer.Spec.Subject);
            data.WriteString("state", transfer.State.ToString().ToUpperInvariant());
            if (transfer.Error is { } error) data.WriteString("error_reason", error.Reason);
        });
    }

    /// <summary>A data set, generator or synthetic data set was created, deleted, came back or is gone.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="change">What happened to it.</param>
    /// <param name="resource">It, as it is then.</param>
    /// <param name="time">When.</param>
    internal static WebhookEvent Of(ResourceKind kind, ResourceChange change, ChangedResource resource, DateTimeOffset time)
    {
        var (name, type) = (resource.Name, EventTypes.Of(kind, change));
        return Write(
            ResourceNames.Project(name), IdOf($"{type} {name} {resource.CreateTime.UtcTicks} {resource.Version}"), type, name, time,
            data => data.WriteString("state", resource.State.ToString().ToUpperInvariant()));
    }

    /// <summary>A member has another role; null for none any more.</summary>
    public static WebhookEvent OfMember(string project, string user, ProjectRole? role, DateTimeOffset time) => Write(
        project, Guid.NewGuid().ToString("N"), EventTypes.MemberChanged, $"{project}/members/{user["users/".Length..]}", time, data =>
        {
            data.WriteString("user", user);
            data.WriteString("role", role is { } given ? given.ToString().ToUpperInvariant() : "");
        });

    /// <summary>A privacy budget comes to its end.</summary>
    /// <param name="type">How far.</param>
    /// <param name="dataset">The data set whose training, or budget, made it so.</param>
    /// <param name="line">The ledger's line, <c>{population}/events/{sequence}</c>.</param>
    /// <param name="spent">Epsilon that is spent or reserved.</param>
    /// <param name="budget">Epsilon that may be spent.</param>
    /// <param name="time">When.</param>
    public static WebhookEvent OfBudget(string type, string dataset, string line, double spent, double budget, DateTimeOffset time) => Write(
        ResourceNames.Project(dataset), IdOf($"{type} {line}"), type, dataset, time, data =>
        {
            if (double.IsFinite(spent)) data.WriteNumber("spent_epsilon", spent); // No epsilon holds it at the budget's delta.
            data.WriteNumber("budget_epsilon", budget);
        });

    /// <summary>Something was refused for a quota; once a day for each.</summary>
    public static WebhookEvent OfQuota(string project, string quota, DateTimeOffset time) => Write(
        project, IdOf($"{EventTypes.QuotaReached} {project} {quota} {time.UtcDateTime:yyyy-MM-dd}"), EventTypes.QuotaReached, project, time, data => data.WriteString("quota", quota));

    /// <summary>A try.</summary>
    /// <param name="webhook">What is tried.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="time">Now.</param>
    public static WebhookEvent Ping(string webhook, string id, DateTimeOffset time) =>
        Write(ResourceNames.Project(webhook), id, EventTypes.Ping, webhook, time, _ => { });

    private static string IdOf(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what))[..IdBytes]);

    private static WebhookEvent Write(string project, string id, string type, string subject, DateTimeOffset time, Action<Utf8JsonWriter> writeData)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", $"/{project}");
            json.WriteString("type", $"dev.synthstudio.{type}");
            json.WriteString("subject", subject);
            json.WriteString("time", time);
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            writeData(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new WebhookEvent(project, id, type, time, Encoding.UTF8.GetString(bytes.ToArray()));
    }
}

/// <summary>What an event tells of a data set, generator or synthetic data set.</summary>
/// <param name="Name">Resource name; it may be given out again when it is gone.</param>
/// <param name="CreateTime">Tells it from others that had its name.</param>
/// <param name="Version">As it is then.</param>
/// <param name="State">As it is then.</param>
internal readonly record struct ChangedResource(string Name, DateTimeOffset CreateTime, long Version, Enum State);
