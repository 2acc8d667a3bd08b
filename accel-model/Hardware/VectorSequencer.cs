// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>Reads words of its source window by window, one a cycle with a parameter line, and sends their tags into the pipeline.</summary>
public sealed class VectorSequencer(
    ImmutableArray<VectorInstruction> program,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    VectorBuffers buffers,
    Latch<WordTag> words) : UnitSequencer<VectorInstruction>(UnitKind.Vector, program, semaphores, log)
{
    private const int AllCounters = 4;
    private const int WindowCounters = 2;
    private readonly AddressLoop _words = new(AllCounters);

    // A line for each window column, over and over.
    private readonly AddressLoop _lines = new(1);
    private readonly Register<int> _outputAddress = new();

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _words.Advance();
        _lines.Advance();
        _outputAddress.Advance();
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        _words.Load(
            Instruction.SourceAddress,
            (Instruction.Rows, Instruction.RowStride),
            (Instruction.Columns, Instruction.ColumnStride),
            (Instruction.PoolRows, Instruction.PoolRowStride),
            (Instruction.PoolColumns, Instruction.PoolColumnStride));
        _lines.Load(Instruction.ParameterAddress, (Instruction.PoolColumns, Instruction.ParameterStride));
        _outputAddress.Next = Instruction.OutputAddress;
    }

    /// <inheritdoc/>
    protected override CycleKind Run(out bool ends)
    {
        ReadSource();
        traffic.Count(Layer, Access.ParameterRead);
        buffers.Parameters.Read(_lines.Address);

        ends = _words.IsLast;
        bool endsWindow = _words.IsLastOf(WindowCounters);
        words.Send(new()
        {
            IsValid = true,
            Source = Instruction.Source,
            OperandSigned = Instruction.OperandSigned,
            BeginsFrame = InstructionIndex == 0 && _words.IsFirstOf(AllCounters),
            BeginsWindow = _words.IsFirstOf(WindowCounters),
            EndsWindow = endsWindow,
            Combine = Instruction.Combine,
            Post = Instruction.Post,
            Lookup = Instruction.Lookup,
            LookupAddress = Instruction.LookupAddress,
            OutputAddress = _outputAddress.Current,
            IsLast = ends,
            Signals = Instruction.Signals.AtCompletion,
            Instruction = InstructionIndex,
            Layer = Layer,
        });
        if (endsWindow)
        {
            _outputAddress.Next = _outputAddress.Current + 1;
        }
        _words.Step();
        _lines.Step();
        return CycleKind.Busy;
    }

    private void ReadSource()
    {
        if (Instruction.Source == VectorSource.Accumulator)
        {
            traffic.Count(Layer, Access.AccumulatorRead);
            buffers.Accumulators.ReadForVector(_words.Address);
        }
        else
        {
            traffic.Count(Layer, Access.OperandRead);
            buffers.Operands.Read(_words.Address);
        }
    }
}
