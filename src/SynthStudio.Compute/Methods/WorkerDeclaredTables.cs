using Failed = SynthStudio.Worker.V1.Failed;

namespace SynthStudio.Compute;

/// <summary>Has the worker executable make rows of declared tables.</summary>
internal sealed class WorkerDeclaredTables(WorkerQuestions questions) : IDeclaredTables
{
    private const string Argument = "--try-declaration";

    public async ValueTask<DeclaredRows> MakeAsync(string declarationJson, int rows, CancellationToken cancellation)
    {
        var answer = await questions.AskAsync(Argument, new() { TryDeclaration = new() { DeclarationJson = declarationJson, Rows = rows } }, cancellation);
        if (answer?.Failed is { } failed) return new DeclaredRows("", Error(failed));
        return answer?.DeclaredRows is { } made
            ? new DeclaredRows(made.Csv)
            : throw new MethodsUnknownException(MethodsUnknownException.WorkerBroken, "The worker does not make rows of declared tables. The operator finds in the log why.");
    }

    internal static WorkError Error(Failed failed) => new(WorkErrorClass.User, failed.Reason, failed.Message, failed.Subject, failed.Row);
}
