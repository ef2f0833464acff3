namespace Kitaru.SimulationTests.Programs;

/// <summary>Makes flows by chance.</summary>
internal sealed class ProgramMaker(Random chance)
{
    private const int DepthMax = 3;

    // Few names, so that calls of one name meet in loops and branches.
    private static readonly string[] Names = ["read", "think", "write"];

    private readonly List<Question> _questions = [];
    private int _id;
    private int _left;
    private int _retries;
    private bool _ownNames;
    private string _branch = "";

    public FlowProgram Make(int number)
    {
        (_branch, _id) = ("", 0);
        _questions.Clear();
        _left = 3 + chance.Next(7);
        _retries = chance.Next(4) == 0 ? 1 + chance.Next(2) : 0;
        _ownNames = _retries > 0 || chance.Next(2) == 0;
        var root = MakeSequence(0, mayFail: true, mayNote: true);
        return new FlowProgram("flow_" + number, root, _retries, [.. _questions], _ownNames);
    }

    private Sequence MakeSequence(int depth, bool mayFail, bool mayNote)
    {
        var nodes = new List<Node>();
        var count = depth == 0 ? 20 : 1 + chance.Next(3);
        while (nodes.Count < count && _left > 0)
            nodes.Add(MakeNode(depth, mayFail, mayNote));
        return new Sequence(_id++, nodes);
    }

    private Node MakeNode(int depth, bool mayFail, bool mayNote)
    {
        if (depth < DepthMax)
        {
            switch (chance.Next(12))
            {
                case 0 or 1:
                    return new Together(_id++, MakeBranches(depth, mayFail, mayNote));
                case 2:
                    // Branches that nobody waits for must leave no traces in the result.
                    return new Race(_id++, MakeBranches(depth, mayFail: false, mayNote: false), chance.Next(2) == 0);
                case 3:
                    return new Repeat(_id++, 2, MakeSequence(depth + 1, mayFail, mayNote));
                case 4:
                    return new Caught(_id++, MakeStep(mayFail: true, isCaught: true));
            }
        }
        switch (chance.Next(12))
        {
            case 0 or 1 when depth == 0 || chance.Next(2) == 0:
                _left--;
                var question = new Question(_id++, chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(chance.Next(4000)), chance.Next(2) == 0);
                _questions.Add(question);
                return question;
            case 2:
                _left--;
                return new Nap(_id++, TimeSpan.FromMilliseconds(chance.Next(2) == 0 ? chance.Next(500) : chance.Next(9000)));
            case 3 when mayNote:
                return new Note(_id++);
            case 4:
                return new Look(_id++);
            default:
                return MakeStep(mayFail, isCaught: false);
        }
    }

    private List<Node> MakeBranches(int depth, bool mayFail, bool mayNote)
    {
        var branches = new List<Node>();
        var before = _branch;
        for (var count = 2 + chance.Next(2); count > 0; count--)
        {
            // A retry asks the branches anew, and one gets further than before: calls of one name would change their ordinals.
            _branch = _ownNames ? $"_b{_id}" : "";
            branches.Add(MakeSequence(depth + 1, mayFail, mayNote));
        }
        _branch = before;
        return branches;
    }

    private Step MakeStep(bool mayFail, bool isCaught)
    {
        _left--;
        var synchronous = chance.Next(6) == 0;
        var retries = chance.Next(3) == 0 ? 1 + chance.Next(2) : 0;
        var failures = (isCaught, chance.Next(20)) switch
        {
            (true, < 10) => Step.ForEver,
            (false, 0) when mayFail => Step.ForEver,
            // Fails for good in the first try of the flow, not in the next.
            (false, 1) when mayFail && _retries > 0 => retries + 1,
            (_, < 12) when retries > 0 => 1 + chance.Next(retries),
            _ => 0,
        };
        return new Step(
            _id++, Names[chance.Next(Names.Length)] + _branch, chance.Next(4),
            synchronous || chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(chance.Next(800)),
            failures, retries, Hangs: failures > 0 && !synchronous && chance.Next(4) == 0, synchronous);
    }
}
