using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Mapping;

/// <summary>Webhooks and deliveries, to the wire.</summary>
internal static class WebhookMapping
{
    public static V1.Webhook ToProto(this WebhookRecord webhook, DateTimeOffset now) => new()
    {
        Name = webhook.Name,
        DisplayName = webhook.DisplayName,
        Url = webhook.Url,
        EventTypes = { webhook.EventTypes },
        Disabled = webhook.Disabled,
        ConsecutiveFailures = webhook.Failures,
        PausedUntil = webhook.NotBefore > now ? webhook.NotBefore.ToProto() : null,
        Creator = webhook.Creator,
        CreateTime = webhook.CreateTime.ToProto(),
        UpdateTime = webhook.UpdateTime.ToProto(),
        Etag = Etags.Of(webhook.Version),
    };

    public static V1.WebhookDelivery ToProto(this DeliveryRecord delivery) => new()
    {
        Name = delivery.Name,
        EventType = delivery.Type,
        State = delivery.State switch
        {
            DeliveryState.Delivered => V1.WebhookDeliveryState.Delivered,
            DeliveryState.Dead => V1.WebhookDeliveryState.Dead,
            _ => V1.WebhookDeliveryState.Pending,
        },
        Body = delivery.Body,
        Attempts =
        {
            delivery.Attempts.Select(attempt => new V1.WebhookAttempt
            {
                Time = attempt.Time.ToProto(), Duration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(attempt.Milliseconds)),
                HttpStatus = attempt.Status, Error = attempt.Error,
            }),
        },
        CreateTime = delivery.CreateTime.ToProto(),
        NextAttemptTime = delivery.State == DeliveryState.Pending ? delivery.DueTime.ToProto() : null,
        EndTime = delivery.EndTime?.ToProto(),
    };
}
