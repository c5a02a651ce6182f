using System.Text;
using SynthStudio.Mock;
using SynthStudio.Tabular;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>Makes rows of a declared table, or says what is wrong with the declaration, to who starts the worker with <see cref="Argument"/>.</summary>
internal static class DeclarationTrial
{
    /// <summary>Announces a question instead of a job.</summary>
    public const string Argument = "--try-declaration";

    private const string Wrong = "INVALID_DECLARATION";

    private const int MostBytes = 1 << 20;

    /// <summary>Answers one question and returns the exit code.</summary>
    public static async Task<int> AnswerAsync(MessageChannel<WorkerInput, WorkerOutput> channel)
    {
        if ((await channel.ReadAsync())?.TryDeclaration is not { Rows: > 0 } question) return ProcessExit.BadConversation;

        await channel.WriteAsync(Answer(question));
        return ProcessExit.Done;
    }

    private static WorkerOutput Answer(TryDeclaration question)
    {
        try
        {
            var table = MockTable.Parse(question.DeclarationJson);
            using var csv = new MemoryStream();
            using (var writer = new TableWriter(csv, table.Schema))
            {
                foreach (var block in table.Make(question.Rows, seed: 0)) writer.Write(block);
            }

            return csv.Length <= MostBytes
                ? new WorkerOutput { DeclaredRows = new DeclaredRows { Csv = Encoding.UTF8.GetString(csv.ToArray()) } }
                : Failure(Wrong, $"{question.Rows} rows of it take more than {MostBytes} bytes: declare shorter texts or fewer columns.");
        }
        catch (MockSchemaException e)
        {
            return Failure(Wrong, e.Message);
        }
        catch (TableException e)
        {
            return new WorkerOutput { Failed = JobFailure.From(e, cancelWished: false) };
        }
    }

    private static WorkerOutput Failure(string reason, string message) =>
        new() { Failed = new Failed { Class = Failed.Types.Class.User, Reason = reason, Message = message } };
}
