using Google.Api;
using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Formats;

/// <summary>Sends rows to a caller as one file of the format that was asked for.</summary>
internal sealed class RowDownloads(Downloads downloads)
{
    /// <param name="rows">The rows.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="defuses">Whether a CSV file is made harmless for spreadsheets.</param>
    /// <param name="source">Whose rows they are.</param>
    /// <param name="request">Asked again now and then whether its caller still may.</param>
    /// <param name="stream">To the caller.</param>
    /// <param name="context">The call.</param>
    /// <param name="demand">Asked before the first byte, and then as often, whether the rows may be sent; null where the caller's role is enough.</param>
    /// <exception cref="RpcException">FAILED_PRECONDITION: a value is none of its column's type.</exception>
    public async Task SendAsync(
        StoredRows rows, RowFormat format, bool defuses, string source, IMessage request, IServerStreamWriter<HttpBody> stream, ServerCallContext context,
        Func<Task>? demand = null)
    {
        var (mediaType, fileName) = (RowFiles.MediaType(format), ResourceName.Id(source) + RowFiles.Extension(format));
        if (format == RowFormat.Csv)
        {
            await downloads.SendAsync(rows.Parts, mediaType, fileName, request, stream, context, defuses ? new FormulaDefuser() : null, demand);
            return;
        }

        await using var csv = rows.Open();
        try
        {
            await downloads.SendAsync(
                (file, stop) => RowFiles.ConvertAsync(csv, rows.Columns, format, file, static _ => { }, stop),
                mediaType, fileName, request, stream, context, demand);
        }
        catch (ValueNotOfTypeException e)
        {
            throw ApiErrors.Precondition(ErrorReasons.ValueNotOfType, source, e.Message);
        }
    }
}
