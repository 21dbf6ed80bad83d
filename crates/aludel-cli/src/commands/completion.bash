# Bash cuts words at : @ and = too, and puts in only what follows the cut; Aludel reads and answers whole words.
_aludel_complete() {
    local IFS=$' \t\n' line="${COMP_LINE:0:COMP_POINT}" breaks="${COMP_WORDBREAKS//[^:@=]/}" said=""
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local word="${words[${#words[@]} - 1]}"
    [[ -n $breaks && $word == *[$breaks]* ]] && said="${word%"${word##*[$breaks]}"}"
    # An @ is cut off together with what follows it.
    said="${said%@}"
    IFS=$'\013'
    COMPREPLY=($(
        _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) _CLAP_COMPLETE_COMP_TYPE="$COMP_TYPE" \
            _CLAP_COMPLETE_SPACE=false COMPLETE=bash aludel -- "${words[@]}" 2>/dev/null
    ))
    COMPREPLY=("${COMPREPLY[@]#"$said"}")
    if [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=/:@] ]]; then
        compopt +o nospace 2>/dev/null
    fi
}
if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o nospace -o bashdefault -o nosort -F _aludel_complete aludel
else
    complete -o nospace -o bashdefault -F _aludel_complete aludel
fi
