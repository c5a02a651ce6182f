using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

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
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{job.Name} {job.State}"))[..IdBytes]);
        return Write(ResourceNames.Project(job.Name), id, EventTypes.Of(job.Kind, job.State), job.Subject, job.EndTime ?? job.CreateTime, data =>
        {
            data.WriteString("job", job.Name);
            data.WriteString("subject", job.Subject);
            data.WriteString("state", job.State.ToString().ToUpperInvariant());
            if (job.Error is { } error) data.WriteString("error_reason", error.Reason);
        });
    }

    /// <summary>A try.</summary>
    /// <param name="webhook">What is tried.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="time">Now.</param>
    public static WebhookEvent Ping(string webhook, string id, DateTimeOffset time) =>
        Write(ResourceNames.Project(webhook), id, EventTypes.Ping, webhook, time, _ => { });

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
