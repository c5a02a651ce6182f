using SynthStudio.Api.Errors;
using SynthStudio.Api.Telemetry;
using SynthStudio.Assistant;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Providers;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Assistant;

/// <summary>Keeps projects within their tokens a month, over all replicas: the database says whether a month has any left.</summary>
internal sealed class AssistantQuota(IGrainFactory grains, AssistantUsageStore usage, AssistantOptions options, TimeProvider time) : ITokenMeter
{
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the month has not so many left; the error says how many, and until when.</exception>
    public async Task<TokenReservation> ReserveAsync(string project, long tokens, CancellationToken cancellation)
    {
        var (limit, month) = (await LimitAsync(project), Month());
        if (await usage.TryReserveAsync(project, month, tokens, limit == 0 ? long.MaxValue : limit, cancellation))
            return new TokenReservation(project, month, tokens);
        var left = Math.Max(0, limit - await UsedAsync(project, cancellation));
        throw ApiErrors.QuotaExceeded(
            project, "tokens_per_month", left,
            $"{project} may take {limit} tokens of language models a month, of which {left} are left; this may take {tokens}. Ask about less, next month (UTC), or an administrator for more.",
            new DateTimeOffset(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero) - time.GetUtcNow());
    }

    /// <summary>Is done also for a caller who has left.</summary>
    public async Task SettleAsync(TokenReservation reservation, AssistantTask task, TokenUse use)
    {
        ApiTelemetry.Ask(task.ToString(), use.Asked, use.Answered);
        await usage.SettleAsync(reservation.Project, reservation.Month, reservation.Tokens, task.ToString(), use.Asked, use.Answered, CancellationToken.None);
    }

    /// <summary>Tokens that a project may take a month; 0 for any number.</summary>
    public async Task<long> LimitAsync(string project) =>
        (await grains.GetGrain<ISchedulerGrain>(0).GetShareAsync(project)).MaxTokensPerMonth is > 0 and var own ? own : options.TokensPerMonth;

    /// <summary>Tokens that a project took this month, those that are set aside at the moment counted.</summary>
    public Task<long> UsedAsync(string project, CancellationToken cancellation) => usage.TokensAsync(project, Month(), cancellation);

    private DateOnly Month()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new DateOnly(now.Year, now.Month, 1);
    }
}
